package dev.quarry;

import dev.quarry.query.plan.Statistics;
import java.util.HashMap;
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

  private record Count(boolean ofNodes, @Nullable String name) {}

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
    if (count.ofNodes()) {
      return name == null ? statistics.nodes() : statistics.nodes(name);
    }
    return name == null ? statistics.relationships() : statistics.relationships(name);
  }

  private double note(Count count) {
    return used.computeIfAbsent(count, one -> count(one, Objects.requireNonNull(source)));
  }

  @Override
  public double nodes() {
    return note(new Count(true, null));
  }

  @Override
  public double nodes(String label) {
    return note(new Count(true, label));
  }

  @Override
  public double relationships() {
    return note(new Count(false, null));
  }

  @Override
  public double relationships(String type) {
    return note(new Count(false, type));
  }

  @Override
  public Object schema() {
    return schema;
  }
}
