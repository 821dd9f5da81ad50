package dev.quarry;

import dev.quarry.query.plan.Statistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Counts, and the notes which of them were asked for, so that one can tell later whether a plan
/// that was made with them is still good.
final class CountsUsed implements Statistics {
  private static final double TOLERANCE = 10;

  private final Object schema;
  private final Map<Count, Double> used = new HashMap<>();
  private @Nullable Statistics source;

  /// @param of what is counted
  /// @param name of the label or the type, null for all
  /// @param keys of an index
  private record Count(Of of, boolean ofRelationships, @Nullable String name, List<String> keys) {
    private enum Of {
      RECORDS,
      ENTRIES,
      DISTINCT
    }

    static Count records(boolean ofRelationships, @Nullable String name) {
      return new Count(Of.RECORDS, ofRelationships, name, List.of());
    }
  }

  CountsUsed(Statistics source) {
    this.source = source;
    this.schema = source.schema();
  }

  /// Lets go of the snapshot that the counts came from.
  void forget() {
    source = null;
  }

  /// Whether no count moved tenfold, and the schema is the same.
  boolean stillHold(Statistics now) {
    return schema.equals(now.schema())
        && used.entrySet().stream()
            .allMatch(entry -> isNear(entry.getValue(), count(entry.getKey(), now)));
  }

  private static boolean isNear(double before, double now) {
    double a = before + 1;
    double b = now + 1;
    return Math.max(a, b) <= TOLERANCE * Math.min(a, b);
  }

  private static double count(Count count, Statistics statistics) {
    String name = count.name();
    boolean ofRelationships = count.ofRelationships();
    if (name == null) {
      return ofRelationships ? statistics.relationships() : statistics.nodes();
    }
    return switch (count.of()) {
      case RECORDS -> ofRelationships ? statistics.relationships(name) : statistics.nodes(name);
      case ENTRIES -> statistics.entries(ofRelationships, name, count.keys());
      case DISTINCT -> statistics.distinct(ofRelationships, name, count.keys());
    };
  }

  private double note(Count count) {
    return used.computeIfAbsent(count, one -> count(one, Objects.requireNonNull(source)));
  }

  @Override
  public double nodes() {
    return note(Count.records(false, null));
  }

  @Override
  public double nodes(String label) {
    return note(Count.records(false, label));
  }

  @Override
  public double relationships() {
    return note(Count.records(true, null));
  }

  @Override
  public double relationships(String type) {
    return note(Count.records(true, type));
  }

  /// Which indexes there are is part of the schema.
  @Override
  public List<List<String>> indexes(boolean ofRelationships, String labelOrType) {
    return Objects.requireNonNull(source).indexes(ofRelationships, labelOrType);
  }

  @Override
  public double entries(boolean ofRelationships, String labelOrType, List<String> keys) {
    return note(new Count(Count.Of.ENTRIES, ofRelationships, labelOrType, keys));
  }

  @Override
  public double distinct(boolean ofRelationships, String labelOrType, List<String> keys) {
    return note(new Count(Count.Of.DISTINCT, ofRelationships, labelOrType, keys));
  }

  @Override
  public Object schema() {
    return schema;
  }
}
