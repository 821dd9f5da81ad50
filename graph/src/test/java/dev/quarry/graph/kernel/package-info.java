/// Tests of what graph kernels stand on; the kernels themselves are tested through
/// `graph.algorithm`.
@NullMarked
package dev.quarry.graph.kernel;

import org.jspecify.annotations.NullMarked;
