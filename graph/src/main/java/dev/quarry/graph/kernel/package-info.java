/// Graph kernels over one state of a graph, as its lists lie: nothing is projected or copied ahead.
///
/// A kernel numbers the nodes it is about: a *position* is the base of the node's arena and its
/// slot ([dev.quarry.graph.kernel.Positions]). What it computes lies in native arrays by position,
/// charged to one account; neighbours come as pieces of lists whose numbers, with the base of the
/// arena at the other end, are positions ([dev.quarry.graph.kernel.Neighbours]); the loops over
/// them are in [dev.quarry.storage.memory.ListLoops]. Several threads share the work
/// ([dev.quarry.graph.kernel.Crew]), each with a reader of its own of the same commit.
///
/// Not here: how an application asks ([dev.quarry.graph.algorithm]).
@NullMarked
package dev.quarry.graph.kernel;

import org.jspecify.annotations.NullMarked;
