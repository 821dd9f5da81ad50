/// Graph algorithms over a read transaction, for applications.
///
/// [GraphAlgorithms] is where to begin; [AlgorithmOptions] says which part of the graph is meant
/// and what a run may use; [LongResult] and [DoubleResult] hold a value for each node in native
/// memory. What each algorithm computes, and what it costs, is in `docs/algorithms.md`.
@NullMarked
package dev.quarry.graph.algorithm;

import org.jspecify.annotations.NullMarked;
