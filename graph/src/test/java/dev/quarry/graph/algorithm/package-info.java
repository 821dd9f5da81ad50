/// Algorithms against reference outputs and naive ones.
@NullMarked
package dev.quarry.graph.algorithm;

import org.jspecify.annotations.NullMarked;
