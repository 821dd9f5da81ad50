@NullMarked
package dev.quarry.storage.wal;

import org.jspecify.annotations.NullMarked;
