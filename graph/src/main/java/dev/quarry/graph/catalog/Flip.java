package dev.quarry.graph.catalog;

/// A label of which some nodes of an arena differ from what they were created with.
///
/// @param arena of the nodes
/// @param label token
/// @param space a bit per slot: 1 where the node has the label though its arena does not, or the
///   other way round
/// @param counter number of the count of such nodes
public record Flip(int arena, int label, int space, int counter) {}
