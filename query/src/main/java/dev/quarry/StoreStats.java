package dev.quarry;

import dev.quarry.graph.RegionUsage;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a store holds and uses at one moment. Counts are exact.
///
/// @param nodes number of nodes
/// @param relationships number of relationships
/// @param labels nodes by label
/// @param types relationships by type
/// @param regions what each region takes but the default one, by name
/// @param commitNumber of the newest commit
/// @param fileBytes length of the file, 0 in memory
/// @param logBytes logged since the last checkpoint
/// @param memoryUsedBytes of the budget
/// @param memoryLimitBytes the budget
/// @param readers running read transactions, the one that made these statistics apart
public record StoreStats(
    long nodes,
    long relationships,
    Map<String, Long> labels,
    Map<String, Long> types,
    List<RegionUsage> regions,
    long commitNumber,
    long fileBytes,
    long logBytes,
    long memoryUsedBytes,
    long memoryLimitBytes,
    int readers) {
  public StoreStats {
    labels = Collections.unmodifiableMap(new LinkedHashMap<>(labels));
    types = Collections.unmodifiableMap(new LinkedHashMap<>(types));
    regions = List.copyOf(regions);
  }
}
