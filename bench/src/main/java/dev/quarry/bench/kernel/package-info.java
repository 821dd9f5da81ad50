/// Graph kernels of Quarry against the same kernels over arrays: on the Java heap, and in C++.
@NullMarked
package dev.quarry.bench.kernel;

import org.jspecify.annotations.NullMarked;
