@NullMarked
package dev.quarry.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
