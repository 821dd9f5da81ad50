package dev.quarry.graph.catalog;

/// How many relationships of a type lead from one region to another, or stay within one; those
/// within the default region are counted by their type alone.
///
/// @param type token
/// @param source number of the region of their sources
/// @param target number of the region of their targets
/// @param counter number of the count
public record RegionCount(int type, int source, int target, int counter) {
  /// Whether one of its ends lies in a region.
  public boolean touches(int region) {
    return source == region || target == region;
  }
}
