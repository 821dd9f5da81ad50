/// Bulk loading: files in, a committed graph out, in constant Java heap and a stated share of
/// native memory.
///
/// A load is one transaction. Nodes are created row by row; their external ids go to an [IdMap].
/// Relationships are only noted, as pairs of node ids, in a [RelationshipSorter] per kind, which
/// sorts them (through files, where memory ends) once by source and once by target and writes both
/// directions list by list. Rows that cannot be read are *rejected*; with too many of them nothing
/// is loaded. Not here: how lists and pages are laid out.
@NullMarked
package dev.quarry.graph.load;

import org.jspecify.annotations.NullMarked;
