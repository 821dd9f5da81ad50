package dev.quarry.graph.algorithm;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Progress;
import java.util.Set;

/// Which part of a graph an algorithm is about, and what it may use. Immutable.
///
/// @param labels nodes with at least one of these are meant; none for all nodes
/// @param types relationships of these are meant, if both their nodes are; none for all types
/// @param direction in which relationships are gone along; [Direction#BOTH] for an undirected
///   graph, in which a self-loop counts once. Components, triangles, clustering of undirected
///   graphs and cores do not depend on it
/// @param threads the most that share the work; 0 for as many as the store may use
///   (`OpenOptions.withThreads`)
/// @param memoryBytes the most native memory that a run and its result use; 0 for half of the
///   store's budget
/// @param progress told by the calling thread how far a run is
/// @param check called by the calling thread at least ten times a second; what it throws ends the
///   run, as an interrupt of that thread does
public record AlgorithmOptions(
    Set<String> labels,
    Set<String> types,
    Direction direction,
    int threads,
    long memoryBytes,
    Progress progress,
    Runnable check) {
  private static final Runnable NO_CHECK = () -> {};
  private static final AlgorithmOptions DEFAULTS =
      new AlgorithmOptions(Set.of(), Set.of(), Direction.OUTGOING, 0, 0, Progress.NONE, NO_CHECK);

  /// @throws IllegalArgumentException if a number is negative
  public AlgorithmOptions {
    labels = Set.copyOf(labels);
    types = Set.copyOf(types);
    if (threads < 0 || memoryBytes < 0) {
      throw new IllegalArgumentException(
          "threads " + threads + " and bytes " + memoryBytes + " must not be negative");
    }
  }

  /// The whole graph along its relationships, on all processors.
  public static AlgorithmOptions defaults() {
    return DEFAULTS;
  }

  /// The same for nodes with at least one of some labels.
  public AlgorithmOptions withLabels(String... newLabels) {
    return new AlgorithmOptions(
        Set.of(newLabels), types, direction, threads, memoryBytes, progress, check);
  }

  /// The same for relationships of some types.
  public AlgorithmOptions withTypes(String... newTypes) {
    return new AlgorithmOptions(
        labels, Set.of(newTypes), direction, threads, memoryBytes, progress, check);
  }

  /// The same in another direction.
  public AlgorithmOptions withDirection(Direction newDirection) {
    return new AlgorithmOptions(labels, types, newDirection, threads, memoryBytes, progress, check);
  }

  /// The same on other threads.
  public AlgorithmOptions withThreads(int newThreads) {
    return new AlgorithmOptions(labels, types, direction, newThreads, memoryBytes, progress, check);
  }

  /// The same with another limit of memory.
  public AlgorithmOptions withMemory(long newMemoryBytes) {
    return new AlgorithmOptions(labels, types, direction, threads, newMemoryBytes, progress, check);
  }

  /// The same, telling somebody else.
  public AlgorithmOptions withProgress(Progress newProgress) {
    return new AlgorithmOptions(labels, types, direction, threads, memoryBytes, newProgress, check);
  }

  /// The same, asking somebody else whether to end.
  public AlgorithmOptions withCheck(Runnable newCheck) {
    return new AlgorithmOptions(labels, types, direction, threads, memoryBytes, progress, newCheck);
  }
}
