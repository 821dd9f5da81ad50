package dev.quarry.graph;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What to load, and how. Immutable: every method returns a changed copy.
///
/// ```java
/// new LoadPlan().nodes("Person", people).relationships("KNOWS", knows).memory(1L << 30)
/// ```
///
/// Files whose name ends in `.gz` are unpacked on the way. Nodes are read before relationships.
public final class LoadPlan {
  private final List<Source> sources;
  private final boolean append;
  private final long memoryBytes;
  private final @Nullable Path rejects;
  private final long tolerate;
  private final @Nullable String idType;
  private final @Nullable String region;

  /// One file.
  ///
  /// @param labels of nodes, may be empty
  /// @param type of relationships, null if the file says it
  public record Source(
      Kind kind, List<String> labels, @Nullable String type, Path file, FileFormat format) {
    /// What a file holds.
    public enum Kind {
      NODES,
      RELATIONSHIPS,
      EDGES
    }

    public Source {
      labels = List.copyOf(labels);
    }
  }

  /// A plan that loads nothing yet.
  public LoadPlan() {
    this(List.of(), false, 0, null, 0, null, null);
  }

  private LoadPlan(
      List<Source> sources,
      boolean append,
      long memoryBytes,
      @Nullable Path rejects,
      long tolerate,
      @Nullable String idType,
      @Nullable String region) {
    this.sources = sources;
    this.append = append;
    this.memoryBytes = memoryBytes;
    this.rejects = rejects;
    this.tolerate = tolerate;
    this.idType = idType;
    this.region = region;
  }

  /// Loads nodes from CSV.
  ///
  /// @param labels separated by colons; empty if the file says them
  public LoadPlan nodes(String labels, Path csv) {
    return nodes(labels, csv, FileFormat.CSV);
  }

  /// Loads nodes from a file of another format.
  public LoadPlan nodes(String labels, Path file, FileFormat format) {
    return with(new Source(Source.Kind.NODES, split(labels), null, file, format));
  }

  /// Loads relationships from CSV.
  ///
  /// @param type empty if the file says it
  public LoadPlan relationships(String type, Path csv) {
    return relationships(type, csv, FileFormat.CSV);
  }

  /// Loads relationships from a file of another format.
  public LoadPlan relationships(String type, Path file, FileFormat format) {
    String given = type.isEmpty() ? null : type;
    return with(new Source(Source.Kind.RELATIONSHIPS, List.of(), given, file, format));
  }

  /// Loads a list of edges between integers; a node with the property `id` is made of each integer.
  ///
  /// @param labels of the nodes, separated by colons, may be empty
  public LoadPlan edges(String type, String labels, Path file) {
    return edges(type, labels, file, FileFormat.EDGE_LIST);
  }

  /// The same from a file of another format.
  public LoadPlan edges(String type, String labels, Path file, FileFormat format) {
    return with(new Source(Source.Kind.EDGES, split(labels), type, file, format));
  }

  /// Allows the graph to have nodes already. Ids of files are not looked up among them.
  public LoadPlan append() {
    return new LoadPlan(sources, true, memoryBytes, rejects, tolerate, idType, region);
  }

  /// Limits the native memory of the load, ids and sorting; 0 for half of the store's budget.
  public LoadPlan memory(long bytes) {
    return new LoadPlan(sources, append, bytes, rejects, tolerate, idType, region);
  }

  /// Writes rows that cannot be read to a CSV file: file, line, column, reason.
  public LoadPlan rejects(@Nullable Path file) {
    return new LoadPlan(sources, append, memoryBytes, file, tolerate, idType, region);
  }

  /// How many rows may be rejected; with one more nothing is loaded. Default 0.
  public LoadPlan tolerate(long rows) {
    return new LoadPlan(sources, append, memoryBytes, rejects, rows, idType, region);
  }

  /// The type of the property that a named id column becomes: `integer` or `string`; null for
  /// integer where all ids are integers, else string.
  public LoadPlan idType(@Nullable String type) {
    return new LoadPlan(sources, append, memoryBytes, rejects, tolerate, type, region);
  }

  /// Puts all nodes into a region, which is made if there is none of that name; null for the
  /// default one. Ids are looked up among the nodes of this load.
  public LoadPlan region(@Nullable String name) {
    return new LoadPlan(sources, append, memoryBytes, rejects, tolerate, idType, name);
  }

  public List<Source> sources() {
    return sources;
  }

  public boolean isAppending() {
    return append;
  }

  public long memoryBytes() {
    return memoryBytes;
  }

  public @Nullable Path rejectsFile() {
    return rejects;
  }

  public long tolerated() {
    return tolerate;
  }

  public @Nullable String idType() {
    return idType;
  }

  public @Nullable String region() {
    return region;
  }

  private LoadPlan with(Source source) {
    List<Source> more = new ArrayList<>(sources);
    more.add(source);
    return new LoadPlan(List.copyOf(more), append, memoryBytes, rejects, tolerate, idType, region);
  }

  private static List<String> split(String labels) {
    return Arrays.stream(labels.split("[:;]")).filter(label -> !label.isEmpty()).toList();
  }
}
