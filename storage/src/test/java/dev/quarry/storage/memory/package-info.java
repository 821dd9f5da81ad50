@NullMarked
package dev.quarry.storage.memory;

import org.jspecify.annotations.NullMarked;
