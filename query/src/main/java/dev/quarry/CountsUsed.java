package dev.quarry;

import dev.quarry.query.plan.EstimateAge;
import dev.quarry.query.plan.PropertyEstimate;
import dev.quarry.query.plan.Statistics;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Counts, and the notes which of them were asked for, so that one can tell later whether a plan
/// that was made with them is still good.
final class CountsUsed implements Statistics {
  private static final double TOLERANCE = 10;
  private static final String OUT = "out";
  private static final String IN = "in";

  private final Object schema;
  private final Map<Count, Double> used = new HashMap<>();
  private final Map<Count, @Nullable PropertyEstimate> properties = new HashMap<>();
  private @Nullable Statistics source;
  private @Nullable Object heldAt;

  /// @param of what is counted
  /// @param name of the label or the type, null for all
  /// @param keys of an index; of a degree: direction, type and the other label, empty for all
  private record Count(Of of, boolean ofRelationships, @Nullable String name, List<String> keys) {
    private enum Of {
      RECORDS,
      ENTRIES,
      DISTINCT,
      DEGREE,
      REACHED,
      VALUES
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
    properties.clear();
  }

  /// Whether no count moved tenfold, no estimate is there that was not, and the schema is the same.
  /// Of the moment at which that was so last it is known.
  boolean stillHold(Statistics now) {
    Object moment = now.moment();
    if (moment != null && moment.equals(heldAt)) {
      return true;
    }
    boolean hold =
        schema.equals(now.schema())
            && used.entrySet().stream()
                .allMatch(entry -> isNear(entry.getValue(), count(entry.getKey(), now)));
    heldAt = hold ? moment : null;
    return hold;
  }

  private static boolean isNear(double before, double now) {
    if (Double.isNaN(before) || Double.isNaN(now)) {
      return Double.isNaN(before) && Double.isNaN(now);
    }
    double a = before + 1;
    double b = now + 1;
    return Math.max(a, b) <= TOLERANCE * Math.min(a, b);
  }

  /// @return NaN where there is no estimate
  private static double count(Count count, Statistics statistics) {
    String name = count.name();
    List<String> keys = count.keys();
    boolean ofRelationships = count.ofRelationships();
    return switch (count.of()) {
      case RECORDS -> records(ofRelationships, name, statistics);
      case ENTRIES -> statistics.entries(ofRelationships, Objects.requireNonNull(name), keys);
      case DISTINCT -> statistics.distinct(ofRelationships, Objects.requireNonNull(name), keys);
      case DEGREE -> statistics.degree(name, orNull(keys.get(1)), isOut(keys), orNull(keys.get(2)));
      case REACHED -> statistics.degreeOfReached(name, keys.get(1), isOut(keys));
      case VALUES -> recordsToOne(statistics.property(ofRelationships, name, keys.getFirst()));
    };
  }

  /// How many records there are to each one that has a certain value.
  private static double recordsToOne(@Nullable PropertyEstimate property) {
    return property == null ? Double.NaN : 1 / property.equal();
  }

  private static double records(
      boolean ofRelationships, @Nullable String name, Statistics statistics) {
    if (name == null) {
      return ofRelationships ? statistics.relationships() : statistics.nodes();
    }
    return ofRelationships ? statistics.relationships(name) : statistics.nodes(name);
  }

  private static boolean isOut(List<String> keys) {
    return keys.getFirst().equals(OUT);
  }

  private static @Nullable String orNull(String name) {
    return name.isEmpty() ? null : name;
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
  public double degree(
      @Nullable String label, @Nullable String type, boolean outgoing, @Nullable String other) {
    List<String> keys =
        List.of(outgoing ? OUT : IN, type == null ? "" : type, other == null ? "" : other);
    return note(new Count(Count.Of.DEGREE, false, label, keys));
  }

  @Override
  public double degreeOfReached(@Nullable String label, String type, boolean outgoing) {
    Count count = new Count(Count.Of.REACHED, false, label, List.of(outgoing ? OUT : IN, type));
    return note(count);
  }

  @Override
  public @Nullable PropertyEstimate property(
      boolean ofRelationships, @Nullable String labelOrType, String key) {
    Count count = new Count(Count.Of.VALUES, ofRelationships, labelOrType, List.of(key));
    if (!used.containsKey(count)) {
      PropertyEstimate found =
          Objects.requireNonNull(source).property(ofRelationships, labelOrType, key);
      used.put(count, recordsToOne(found));
      properties.put(count, found);
    }
    return properties.get(count);
  }

  @Override
  public @Nullable EstimateAge age(boolean ofRelationships, @Nullable String labelOrType) {
    return Objects.requireNonNull(source).age(ofRelationships, labelOrType);
  }

  /// A line for each label and type of which estimates were used that are older than what is read,
  /// and how far its count has moved since.
  List<String> ages(Statistics now) {
    TreeSet<String> lines = new TreeSet<>();
    for (Count count : used.keySet()) {
      boolean estimate = count.of() == Count.Of.REACHED || count.of() == Count.Of.VALUES;
      EstimateAge age = estimate ? now.age(count.ofRelationships(), count.name()) : null;
      if (age != null && age.commit() < age.now()) {
        lines.add(text(count, age));
      }
    }
    return List.copyOf(lines);
  }

  private static String text(Count count, EstimateAge age) {
    String records = count.ofRelationships() ? "relationships" : "nodes";
    String of = count.name() == null ? "all " + records : ":" + count.name();
    String moved =
        age.recordsThen() == age.recordsNow()
            ? ""
            : "; %.0f %s then, %.0f now".formatted(age.recordsThen(), records, age.recordsNow());
    return "Estimates of %s are of commit %d, this is commit %d%s"
        .formatted(of, age.commit(), age.now(), moved);
  }

  @Override
  public Object schema() {
    return schema;
  }

  @Override
  public @Nullable Object moment() {
    return Objects.requireNonNull(source).moment();
  }
}
