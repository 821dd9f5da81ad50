package dev.quarry;

/// The hash of a graph as such.
///
/// Equal graphs have equal hashes: after reopening, after a backup, and when the same rows were
/// loaded in another order. Ids, slots and the layout of the file have no part in it. Values differ
/// if their types do: 1 is not 1.0. Different graphs differ but for chance (64 bits), or where
/// nodes cannot be told apart by labels, properties and all that is within three steps of them: it
/// is colour refinement in three rounds (Weisfeiler and Leman, 1968).
///
/// The hash may change with a release; compare hashes that one release computed.
///
/// @param graph of nodes, labels, properties and relationships: 32 hexadecimal digits
/// @param schema of indexes and constraints, with their names: 16 hexadecimal digits
/// @param commitNumber of the commit that was hashed
public record StoreHash(
    String graph, String schema, long nodes, long relationships, long commitNumber) {}
