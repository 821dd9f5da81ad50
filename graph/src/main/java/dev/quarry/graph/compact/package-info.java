/// Giving back the room that deletions and growth have left.
///
/// A [Compaction] walks over what refers to slab slots, in the order of arenas and slots, and
/// applies one [Stage] after the other. Each step of a walk is a transaction of its own that no log
/// record tells of (decision 028): it changes where things lie, and nothing that they say. Writers
/// have their turn between two steps, readers notice nothing. Not here: how a slot is moved, and
/// how the file is made shorter; the layer below knows.
@NullMarked
package dev.quarry.graph.compact;

import org.jspecify.annotations.NullMarked;
