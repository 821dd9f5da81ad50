@NullMarked
package dev.quarry.storage;

import org.jspecify.annotations.NullMarked;
