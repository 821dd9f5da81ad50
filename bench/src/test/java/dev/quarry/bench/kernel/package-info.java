@NullMarked
package dev.quarry.bench.kernel;

import org.jspecify.annotations.NullMarked;
