/// Records in arenas: which column holds a property, and how it is read and written.
///
/// An [ArenaReader] and an [ArenaWriter] stand for one arena in one state; both are made on first
/// use and kept. Not here: which arena a node belongs to, and what is logged.
@NullMarked
package dev.quarry.graph.record;

import org.jspecify.annotations.NullMarked;
