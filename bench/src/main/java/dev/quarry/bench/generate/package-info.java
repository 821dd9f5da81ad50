/// Graphs of any size, made of a seed: files that `quarry load` reads.
@NullMarked
package dev.quarry.bench.generate;

import org.jspecify.annotations.NullMarked;
