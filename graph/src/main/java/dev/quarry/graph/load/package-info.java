/// Bulk loading: files in, a committed graph out, in constant Java heap and a stated share of
/// native memory.
///
/// A load is one transaction. Nodes are created many at a time, and their properties written column
/// by column; their external ids go to an [IdMap], or the integers of edge lists to [EdgeIds].
/// Relationships are only noted, as pairs of slots, in a [RelationshipSorter] per kind, which sorts
/// them (through files, where memory ends) once by source and once by target; a [ListBuilder] makes
/// lists of them, which a [ListTarget] writes. Rows that cannot be read are *rejected*; with too
/// many of them nothing is loaded.
///
/// One thread owns the transaction. Others help it with what needs no page, through a [Pipeline]:
/// they parse chunks of files, and sort. Loops over each byte or relationship go over arrays, into
/// which pieces of native memory are copied: a JVM that just started is fast at them soon. Not
/// here: how lists and pages are laid out.
@NullMarked
package dev.quarry.graph.load;

import org.jspecify.annotations.NullMarked;
