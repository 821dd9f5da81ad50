package dev.quarry;

import java.util.List;

/// The names that a store knows at one moment, each in the order in which it was first used. A name
/// stays known when nothing bears it any more.
///
/// @param labels of nodes
/// @param types of relationships
/// @param keys of properties
public record StoreNames(List<String> labels, List<String> types, List<String> keys) {
  public StoreNames {
    labels = List.copyOf(labels);
    types = List.copyOf(types);
    keys = List.copyOf(keys);
  }
}
