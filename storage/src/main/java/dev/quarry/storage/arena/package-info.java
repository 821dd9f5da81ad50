/// Typed tables of numbered slots: columns, which slots are live, and strings.
///
/// An *arena* is a set of columns that share slot numbers; each column is a space, so that a cell
/// is found by a shift and a mask. [Slots] says which slots are live and how often each was used.
/// [Strings] keeps short strings in their cell and longer ones in slabs. Not here: what a column
/// means, and which columns belong together; the layer above keeps that in its catalog.
@NullMarked
package dev.quarry.storage.arena;

import org.jspecify.annotations.NullMarked;
