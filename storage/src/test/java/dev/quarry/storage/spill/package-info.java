@NullMarked
package dev.quarry.storage.spill;

import org.jspecify.annotations.NullMarked;
