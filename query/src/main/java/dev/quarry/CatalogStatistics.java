package dev.quarry;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.statistics.ArenaEstimate;
import dev.quarry.graph.statistics.ColumnEstimate;
import dev.quarry.graph.statistics.DegreeEstimate;
import dev.quarry.graph.statistics.Estimates;
import dev.quarry.graph.statistics.KindCounts;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.graph.value.Comparison;
import dev.quarry.query.plan.EstimateAge;
import dev.quarry.query.plan.PropertyEstimate;
import dev.quarry.query.plan.Statistics;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the planner asks, answered from the catalog and the estimates of a snapshot. Labels are
/// counted by what nodes were created with; later changes are left out, as plans need no more.
final class CatalogStatistics implements Statistics {
  /// With more kinds of relationships they are not looked at one by one.
  private static final int MOST_KINDS = 1_024;

  private final Reading reading;
  private final Estimates estimates;
  private final boolean usesIndexes = !"false".equals(System.getProperty("quarry.useIndexes"));

  /// What plans depend on.
  private record Schema(
      boolean usesIndexes, List<IndexDefinition> indexes, List<ConstraintDefinition> constraints) {}

  /// @param commit what is read
  /// @param estimates their stamp
  private record Moment(boolean usesIndexes, long commit, long estimates) {
    /// Compared by a method of its own: each statement comes here, also before what a record has
    /// for it is compiled.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Moment moment
          && moment.usesIndexes == usesIndexes
          && moment.commit == commit
          && moment.estimates == estimates;
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(commit) + Long.hashCode(estimates);
    }
  }

  /// Plans use indexes, unless the property `quarry.useIndexes` says no, for tests.
  ///
  /// @param estimates those of the state that is read
  CatalogStatistics(Reading reading, Estimates estimates) {
    this.reading = reading;
    this.estimates = estimates;
  }

  /// A write transaction has changes of its own.
  @Override
  public @Nullable Object moment() {
    return reading instanceof GraphSnapshot snapshot
        ? new Moment(usesIndexes, snapshot.commitNumber(), estimates.stamp())
        : null;
  }

  @Override
  public double nodes() {
    double count = 0;
    for (Arena arena : reading.catalog().arenas()) {
      count += reading.nodeCount(arena.id());
    }
    return count;
  }

  @Override
  public double nodes(String label) {
    int token = reading.catalog().label(label);
    double count = 0;
    for (Arena arena : reading.catalog().arenas()) {
      count += token >= 0 && arena.hasLabel(token) ? reading.nodeCount(arena.id()) : 0;
    }
    return count;
  }

  @Override
  public double relationships() {
    Catalog catalog = reading.catalog();
    double count = 0;
    for (int type = 0; type < catalog.types().size(); type++) {
      count += reading.counts().relationships(type);
    }
    return count;
  }

  @Override
  public double relationships(String type) {
    int token = reading.catalog().type(type);
    return token < 0 ? 0 : reading.counts().relationships(token);
  }

  @Override
  public List<List<String>> indexes(boolean ofRelationships, String labelOrType) {
    Catalog catalog = reading.catalog();
    int token = ofRelationships ? catalog.type(labelOrType) : catalog.label(labelOrType);
    List<List<String>> found = new ArrayList<>();
    for (IndexDefinition index : usesIndexes ? catalog.indexes() : List.<IndexDefinition>of()) {
      if (index.ofRelationships() == ofRelationships && index.token() == token) {
        found.add(index.keys().stream().map(catalog.keys()::get).toList());
      }
    }
    return found;
  }

  @Override
  public double entries(boolean ofRelationships, String labelOrType, List<String> keys) {
    IndexDefinition index = reading.catalog().index(ofRelationships, labelOrType, keys);
    return index == null ? 0 : reading.counts().estimatedEntries(index);
  }

  @Override
  public double distinct(boolean ofRelationships, String labelOrType, List<String> keys) {
    IndexDefinition index = reading.catalog().index(ofRelationships, labelOrType, keys);
    return index == null ? 0 : reading.counts().keys(index);
  }

  @Override
  public double degree(
      @Nullable String label, @Nullable String type, boolean outgoing, @Nullable String other) {
    double nodes = Math.max(1, label == null ? nodes() : nodes(label));
    KindCounts counts = reading.counts().kinds();
    if (counts == null || counts.kinds() > MOST_KINDS) {
      double ofOther = other == null ? 1 : nodes(other) / Math.max(1, nodes());
      double relationships = type == null ? relationships() : relationships(type);
      return relationships / nodes * (0.5 + 0.5 * ofOther);
    }
    long[] found = new long[1];
    KindCounts.Sink sum =
        (source, token, target, count) -> {
          boolean fits =
              hasLabel(outgoing ? source : target, label)
                  && hasLabel(outgoing ? target : source, other);
          found[0] += fits ? count : 0;
        };
    if (type == null) {
      counts.all(sum);
    } else if (reading.catalog().type(type) >= 0) {
      counts.ofType(reading.catalog().type(type), sum);
    }
    return found[0] / nodes;
  }

  private boolean hasLabel(int arena, @Nullable String label) {
    Catalog catalog = reading.catalog();
    return label == null || catalog.arenas().get(arena).hasLabel(catalog.label(label));
  }

  @Override
  public double degreeOfReached(@Nullable String label, String type, boolean outgoing) {
    int token = reading.catalog().type(type);
    double sources = 0;
    double sum = 0;
    for (ArenaEstimate arena : estimates(false, label)) {
      DegreeEstimate degree = arena.degree(token, outgoing);
      if (degree != null) {
        sources += degree.sources();
        sum += degree.sources() * degree.degreeOfReached();
      }
    }
    return sources == 0 ? 0 : sum / sources;
  }

  @Override
  public @Nullable PropertyEstimate property(
      boolean ofRelationships, @Nullable String labelOrType, String key) {
    int token = reading.catalog().key(key);
    double records = 0;
    double present = 0;
    double equal = 0;
    Extremes extremes = new Extremes();
    for (ArenaEstimate arena : estimates(ofRelationships, labelOrType)) {
      ColumnEstimate column = arena.column(token);
      records += arena.records();
      if (column != null && column.present() > 0) {
        present += column.present();
        equal += (double) column.present() / column.distinct();
        extremes.add(column);
      }
    }
    return records == 0
        ? null
        : new PropertyEstimate(
            present / records, equal / records, extremes.least, extremes.greatest);
  }

  /// The least and the greatest of several columns; none once two cannot be compared.
  private static final class Extremes {
    private @Nullable Object least;
    private @Nullable Object greatest;
    private boolean any;

    void add(ColumnEstimate column) {
      Object low = column.least();
      Object high = column.greatest();
      if (!any) {
        least = low;
        greatest = high;
      } else if (least != null && greatest != null && low != null && high != null) {
        int below = Comparison.compare(low, least);
        boolean comparable = below != Comparison.INCOMPARABLE;
        least = !comparable ? null : below < 0 ? low : least;
        greatest = !comparable ? null : Comparison.compare(high, greatest) > 0 ? high : greatest;
      } else {
        least = null;
        greatest = null;
      }
      any = true;
    }
  }

  @Override
  public @Nullable EstimateAge age(boolean ofRelationships, @Nullable String labelOrType) {
    long commit = Long.MAX_VALUE;
    double then = 0;
    for (ArenaEstimate arena : estimates(ofRelationships, labelOrType)) {
      commit = Math.min(commit, arena.commit());
      then += arena.records();
    }
    if (commit == Long.MAX_VALUE) {
      return null;
    }
    double now = 0;
    for (Arena arena : arenas(ofRelationships, labelOrType)) {
      now +=
          ofRelationships
              ? reading.edgeReader(arena).slots().liveCount()
              : reading.nodeCount(arena.id());
    }
    return new EstimateAge(commit, reading.pages().commitNumber(), then, now);
  }

  private List<ArenaEstimate> estimates(boolean ofRelationships, @Nullable String labelOrType) {
    List<ArenaEstimate> found = new ArrayList<>();
    for (Arena arena : arenas(ofRelationships, labelOrType)) {
      ArenaEstimate one = estimates.arena(ofRelationships, arena.id());
      if (one != null) {
        found.add(one);
      }
    }
    return found;
  }

  private List<Arena> arenas(boolean ofRelationships, @Nullable String labelOrType) {
    Catalog catalog = reading.catalog();
    List<Arena> all = ofRelationships ? catalog.edgeArenas() : catalog.arenas();
    return all.stream()
        .filter(arena -> !arena.isDropped() && has(arena, ofRelationships, labelOrType))
        .toList();
  }

  private boolean has(Arena arena, boolean ofRelationships, @Nullable String labelOrType) {
    Catalog catalog = reading.catalog();
    return labelOrType == null
        || arena.hasLabel(ofRelationships ? catalog.type(labelOrType) : catalog.label(labelOrType));
  }

  @Override
  public Object schema() {
    Catalog catalog = reading.catalog();
    return new Schema(usesIndexes, catalog.indexes(), catalog.constraints());
  }
}
