package dev.quarry.query.value;

/// A node in a row of a built-in procedure, by its id: it exists in the state that the query reads.
/// A handle for each of many million rows would go through the cache of handles.
///
/// @param id see [dev.quarry.graph.transaction.Ids]
public record NodeId(long id) {}
