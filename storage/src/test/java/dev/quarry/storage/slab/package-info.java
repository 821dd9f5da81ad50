@NullMarked
package dev.quarry.storage.slab;

import org.jspecify.annotations.NullMarked;
