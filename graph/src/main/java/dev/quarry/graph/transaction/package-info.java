/// The store of a graph, its read and write transactions, and its log records.
///
/// A change goes through two steps: [GraphTransaction] *chooses* (slots, generations, columns),
/// logs what it chose, and [Changes] *installs* it. Recovery repeats only the second step, so it
/// never chooses. Not here: how a column or a list is laid out.
@NullMarked
package dev.quarry.graph.transaction;

import org.jspecify.annotations.NullMarked;
