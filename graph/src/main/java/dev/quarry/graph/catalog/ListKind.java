package dev.quarry.graph.catalog;

import dev.quarry.storage.slab.ListSpaces;

/// A directory of its own for the relationships of one type between the nodes of two arenas, in one
/// direction.
///
/// ```text
/// entry of 4 bytes   slot of the other node                      bare relationships
/// entry of 8 bytes   slot of the other node | edge slot + 1      0 below for a bare one
/// ```
///
/// A list has entries of 4 bytes until it gets a relationship with properties. Lists that were made
/// by loading such relationships have 8 from the beginning. The two kinds of a type and a pair of
/// arenas, one per direction, are made together. Relationships that were there before stay in the
/// mixed lists of the arenas until compaction moves them.
///
/// @param arena of the nodes whose lists these are
/// @param type token
/// @param out whether the relationships leave those nodes
/// @param other arena of the nodes at the other end
public record ListKind(int arena, int type, boolean out, int other, ListSpaces spaces) {}
