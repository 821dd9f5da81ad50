package dev.quarry.graph.transaction;

import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.statistics.ArenaEstimate;
import dev.quarry.graph.statistics.ColumnEstimate;
import dev.quarry.graph.statistics.ColumnSketch;
import dev.quarry.graph.statistics.DegreeEstimate;
import dev.quarry.graph.statistics.DegreeSketch;
import dev.quarry.graph.statistics.Estimates;
import dev.quarry.graph.statistics.KindCounts;
import dev.quarry.graph.statistics.Sample;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Makes estimates anew of the arenas that changed noticeably since they were looked at.
///
/// An arena did if its records or its relationships are a quarter more or fewer, or if it has a new
/// column. Of a large one a sample is looked at. What one run does is bounded, so that it can go
/// ahead of each checkpoint; arenas that it does not come to have their turn at the next one. Used
/// once, by the writer's thread.
final class Estimating {
  /// Records of an arena that are looked at, for each column.
  static final int MOST_RECORDS = 65_536;

  /// Relationships that are met for one arena and direction.
  private static final long MOST_STEPS = 1 << 20;

  /// Relationships of a node that are taken at once.
  private static final int MOST_TAKEN = 1 << 12;

  /// Values read and relationships met in one run; the arena at hand is finished.
  private static final long MOST_WORK = 1 << 24;

  private final RecordReading reading;
  private final Estimates before;
  private final long commit;
  private final KnownDegrees known;
  private final Map<Integer, Map<Integer, Long>> leaving = new HashMap<>(); // by arena and type
  private final Map<Integer, Map<Integer, Long>> entering = new HashMap<>();
  private final long[] slots = new long[Sample.BLOCK];
  private final long[] values = new long[Sample.BLOCK];
  private long work;

  /// @param before what there is
  /// @param commit of the state that is looked at
  /// @param known degrees that need not be looked at
  Estimating(RecordReading reading, Estimates before, long commit, KnownDegrees known) {
    this.reading = reading;
    this.before = before;
    this.commit = commit;
    this.known = known;
    KindCounts counts = reading.counts().kinds();
    if (counts != null) {
      counts.all(this::count);
    }
  }

  private void count(int source, int type, int target, long relationships) {
    if (relationships > 0) {
      ofArena(leaving, source).merge(type, relationships, Long::sum);
      ofArena(entering, target).merge(type, relationships, Long::sum);
    }
  }

  private static Map<Integer, Long> ofArena(Map<Integer, Map<Integer, Long>> ends, int arena) {
    return ends.computeIfAbsent(arena, none -> new TreeMap<>());
  }

  /// How many relationships leave the nodes of an arena, or enter them, by type.
  private Map<Integer, Long> ends(int arena, boolean outgoing) {
    return (outgoing ? leaving : entering).getOrDefault(arena, Map.of());
  }

  private long relationships(int arena) {
    long all = 0;
    for (long count : ends(arena, true).values()) {
      all += count;
    }
    for (long count : ends(arena, false).values()) {
      all += count;
    }
    return all;
  }

  /// The estimates there are now; the same object if nothing was made anew.
  Estimates run() {
    Catalog catalog = reading.catalog();
    List<ArenaEstimate> renewed = new ArrayList<>();
    for (Arena arena : catalog.arenas()) {
      long relationships = relationships(arena.id());
      ArenaReader reader = reading.nodeReader(arena.id());
      if (work < MOST_WORK && hasChanged(false, arena, reader, relationships)) {
        List<DegreeEstimate> degrees = new ArrayList<>(degrees(reader, true));
        degrees.addAll(degrees(reader, false));
        renewed.add(estimate(false, arena, reader, relationships, degrees));
      }
    }
    for (Arena rows : catalog.edgeArenas()) {
      ArenaReader reader = reading.edgeReader(rows);
      if (work < MOST_WORK && hasChanged(true, rows, reader, 0)) {
        renewed.add(estimate(true, rows, reader, 0, List.of()));
      }
    }
    Estimates left = before.without(this::isDropped);
    return renewed.isEmpty() ? left : left.with(renewed);
  }

  private boolean isDropped(ArenaEstimate one) {
    return reading.catalog().arena(one.ofRelationships(), one.arena()).isDropped();
  }

  private boolean hasChanged(
      boolean ofRelationships, Arena arena, ArenaReader reader, long relationships) {
    ArenaEstimate old = before.arena(ofRelationships, arena.id());
    if (old == null) {
      return reader.slots().liveCount() > 0;
    }
    return isFar(old.records(), reader.slots().liveCount())
        || isFar(old.relationships(), relationships)
        || arena.columns().stream().anyMatch(column -> old.column(column.key()) == null);
  }

  private static boolean isFar(long then, long now) {
    return Math.abs(now - then) > then / 4;
  }

  private ArenaEstimate estimate(
      boolean ofRelationships,
      Arena arena,
      ArenaReader reader,
      long relationships,
      List<DegreeEstimate> degrees) {
    long records = reader.slots().liveCount();
    List<ColumnEstimate> columns = new ArrayList<>();
    for (ColumnLayout column : arena.columns()) {
      columns.add(column(reader, column.key()));
    }
    return new ArenaEstimate(
        ofRelationships, arena.id(), commit, records, relationships, columns, degrees);
  }

  private ColumnEstimate column(ArenaReader reader, int key) {
    ColumnSketch sketch = new ColumnSketch();
    Sample sample = new Sample(reader.slots().highWater());
    long blocks = Math.min(sample.blocks(), MOST_RECORDS);
    for (long place = 0; place < blocks && sketch.seen() < MOST_RECORDS; place++) {
      int count = live(reader, sample, place);
      if (!integers(reader, key, sample, place, count, sketch)) {
        for (int i = 0; i < count; i++) {
          reader.read(slots[i], key, sketch);
        }
      }
    }
    work += sketch.seen();
    return sketch.estimate(key, reader.slots().liveCount());
  }

  /// Whether all live records of a block have integers: then the sketch has taken them.
  private boolean integers(
      ArenaReader reader, int key, Sample sample, long place, int live, ColumnSketch sketch) {
    long first = sample.first(place);
    if (!reader.integers(key, first, (int) (sample.end(first) - first), values)) {
      return false;
    }
    for (int i = 0; i < live; i++) {
      values[i] = values[(int) (slots[i] - first)];
    }
    sketch.integers(values, live);
    return true;
  }

  private int live(ArenaReader reader, Sample sample, long place) {
    long first = sample.first(place);
    return reader.slots().fillLive(first, sample.end(first), 0, slots, slots.length);
  }

  private List<DegreeEstimate> degrees(ArenaReader reader, boolean outgoing) {
    int arena = reader.arena().id();
    if (reading.counts().kinds() == null) {
      return walked(reader, outgoing, null);
    }
    List<DegreeEstimate> degrees = new ArrayList<>();
    List<Integer> unknown = new ArrayList<>();
    ends(arena, outgoing)
        .forEach(
            (type, count) -> {
              DegreeSketch sketch = known.complete(arena, type, outgoing, count);
              if (sketch == null) {
                unknown.add(type);
              } else {
                degrees.add(sketch.estimate(1, true));
              }
            });
    if (!unknown.isEmpty()) {
      int[] types = unknown.stream().mapToInt(Integer::intValue).toArray();
      degrees.addAll(walked(reader, outgoing, types));
    }
    return degrees;
  }

  /// Looks at the lists of nodes.
  ///
  /// @param types null for all
  private List<DegreeEstimate> walked(
      ArenaReader reader, boolean outgoing, int @Nullable [] types) {
    int arena = reader.arena().id();
    Direction direction = outgoing ? Direction.OUTGOING : Direction.INCOMING;
    Degrees found = new Degrees(reading.expansion(direction, types), outgoing);
    Sample sample = new Sample(reader.slots().highWater());
    long blocks = Math.min(sample.blocks(), MOST_RECORDS);
    for (long place = 0; place < blocks && !found.isEnough(); place++) {
      int count = live(reader, sample, place);
      for (int i = 0; i < count; i++) {
        slots[i] = Ids.node(arena, slots[i]);
      }
      found.take(slots, count);
    }
    found.walk.close();
    work += found.nodes + found.steps;
    return found.estimates(reader.slots().liveCount());
  }

  /// Degrees of nodes of one arena in one direction. Lists that lie in one piece are taken whole.
  private static final class Degrees {
    private final Expansion walk;
    private final boolean outgoing;
    private final TreeMap<Integer, DegreeSketch> sketches = new TreeMap<>();
    private final List<DegreeSketch> ofNode = new ArrayList<>();
    private final long[] neighbours = new long[MOST_TAKEN];
    private long nodes;
    private long steps;

    Degrees(Expansion walk, boolean outgoing) {
      this.walk = walk;
      this.outgoing = outgoing;
    }

    boolean isEnough() {
      return nodes >= MOST_RECORDS || steps >= MOST_STEPS;
    }

    void take(long[] ids, int count) {
      for (int from = 0; from < count; from += Expansion.PREPARED) {
        int piece = Math.min(count - from, Expansion.PREPARED);
        walk.prepare(ids, from, piece);
        for (int i = 0; i < piece && steps < MOST_STEPS; i++) {
          int degree = walk.fillPrepared(i, neighbours);
          if (degree >= 0 && degree <= MOST_STEPS - steps) {
            takeWhole(ids[from + i], degree);
          } else {
            walk(ids[from + i]);
          }
          nodes++;
        }
      }
    }

    private void takeWhole(long node, int degree) {
      if (degree > 0) {
        sketch(walk.preparedType()).addNode(node, neighbours, degree);
        steps += degree;
      }
    }

    private void walk(long node) {
      walk.open(node);
      while (steps < MOST_STEPS && walk.next()) {
        steps++;
        DegreeSketch sketch = sketch(walk.type());
        if (sketch.add(node, walk.neighbour())) {
          ofNode.add(sketch);
        }
      }
      ofNode.forEach(DegreeSketch::endNode);
      ofNode.clear();
    }

    private DegreeSketch sketch(int type) {
      return sketches.computeIfAbsent(type, none -> new DegreeSketch(type, outgoing));
    }

    List<DegreeEstimate> estimates(long all) {
      boolean whole = nodes == all && steps < MOST_STEPS;
      double scale = nodes == 0 ? 1 : (double) all / nodes;
      return sketches.values().stream().map(sketch -> sketch.estimate(scale, whole)).toList();
    }
  }
}
