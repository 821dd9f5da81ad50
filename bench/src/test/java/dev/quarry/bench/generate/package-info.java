@NullMarked
package dev.quarry.bench.generate;

import org.jspecify.annotations.NullMarked;
