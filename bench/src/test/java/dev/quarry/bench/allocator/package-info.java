@NullMarked
package dev.quarry.bench.allocator;

import org.jspecify.annotations.NullMarked;
