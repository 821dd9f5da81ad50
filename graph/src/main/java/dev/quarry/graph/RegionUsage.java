package dev.quarry.graph;

/// What a region takes.
///
/// @param name of the region
/// @param nodes in it
/// @param pages of its nodes, of the relationships that leave them, and of their lists; entries of
///   indexes and of lists elsewhere are not counted
/// @param bytes of these pages
/// @param floorPages how many of these pages it would have with only a few nodes: one for each
///   column, list kind and other structure that holds anything (rule S30)
/// @param floorBytes of those pages
public record RegionUsage(
    String name, long nodes, long pages, long bytes, long floorPages, long floorBytes) {}
