@NullMarked
package dev.quarry.storage.io;

import org.jspecify.annotations.NullMarked;
