@NullMarked
package dev.quarry.storage.arena;

import org.jspecify.annotations.NullMarked;
