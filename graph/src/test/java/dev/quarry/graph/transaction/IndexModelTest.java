package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.Node;
import dev.quarry.graph.Point;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.index.Lookup;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Indexes answer what a map answers, through random changes, rollbacks, reopening and recovery.
///
/// The oracle has its own equality and order: numbers as decimals, strings by code points.
class IndexModelTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  private static final List<Object> VALUES =
      List.of(
          true,
          false,
          0L,
          1L,
          2L,
          -7L,
          (1L << 53) + 1,
          0.0,
          -0.0,
          1.0,
          1.5,
          0x1p53,
          Double.NaN,
          Double.POSITIVE_INFINITY,
          "",
          "a",
          "a\0",
          "http://example.org/a",
          "http://example.org/b",
          "ﬁ",
          "😀",
          LocalDate.of(2024, 1, 31),
          LocalDate.of(-5, 2, 28),
          LocalTime.of(23, 59, 59, 999_999_999),
          LocalDateTime.parse("1999-12-31T23:59:59.5"),
          LocalDateTime.parse("1999-12-31T23:59:59.6"),
          ZonedDateTime.parse("2024-03-31T02:30:00+02:00[Europe/Berlin]"),
          ZonedDateTime.parse("2024-03-31T00:30:00Z"),
          new CypherDuration(14, -3, 70, 5),
          new Point(Point.WGS_84, 13.4, 52.5),
          List.of(1L, 2L),
          List.of(1.0, 2.0),
          List.of());

  private static final List<SchemaTarget> TARGETS =
      List.of(
          SchemaTarget.nodes("L0", "p0"),
          SchemaTarget.nodes("L1", "p1"),
          SchemaTarget.nodes("L1", "p0", "p1"),
          SchemaTarget.relationships("T0", "p0"),
          SchemaTarget.relationships("T1", "p1", "p0"));

  /// A node or a relationship; of a relationship the only label is its type.
  private static final class Item {
    final boolean edge;
    final Set<String> labels = new TreeSet<>();
    final Map<String, Object> properties = new TreeMap<>();
    String from = "";
    String to = "";

    Item(boolean edge) {
      this.edge = edge;
    }

    Item copy() {
      Item copy = new Item(edge);
      copy.labels.addAll(labels);
      copy.properties.putAll(properties);
      copy.from = from;
      copy.to = to;
      return copy;
    }
  }

  private static final class Model {
    final Map<String, Item> items = new TreeMap<>();
    final Map<String, SchemaTarget> indexes = new TreeMap<>();

    Model copy() {
      Model copy = new Model();
      items.forEach((id, item) -> copy.items.put(id, item.copy()));
      copy.indexes.putAll(indexes);
      return copy;
    }

    List<String> ids(boolean edges) {
      List<String> ids = new ArrayList<>();
      items.forEach(
          (id, item) -> {
            if (item.edge == edges) {
              ids.add(id);
            }
          });
      return ids;
    }
  }

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(64 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  @BeforeEach
  void varyWhichListsThereAre() {
    ListsSetting.vary(seed);
  }

  @AfterEach
  void listsAsUsual() {
    ListsSetting.restore();
  }

  @Test
  void indexesInMemoryAgreeWithAMap() {
    GraphStore graph = GraphStore.inMemory(options());
    run(graph, new Model(), new Random(seed), 150);
    graph.close();
    assertEquals(0, graph.store().budget().used());
  }

  @Test
  void indexesInAFileAgreeWithAMapThroughReopening() {
    Path path = folder.resolve("graph.quarry");
    Random random = new Random(seed);
    Model model = new Model();
    for (int round = 0; round < 4; round++) {
      GraphStore graph = GraphStore.open(path, options());
      verify(graph, model, random);
      model = run(graph, model, random, 40);
      graph.close();
      assertEquals(0, graph.store().budget().used());
    }
  }

  @Test
  void indexesSurviveACrashByTheLogAlone() {
    SimDisk disk = new SimDisk();
    Path path = Path.of("/sim/graph.quarry");
    Random random = new Random(seed);
    GraphStore graph = GraphStore.open(path, options().withDisk(disk));
    Model model = new Model();
    for (int round = 0; round < 12; round++) {
      model = run(graph, model, random, 2);
      SimDisk crashed = disk.afterKill();
      try (GraphStore recovered = GraphStore.open(path, options().withDisk(crashed))) {
        verify(recovered, model, random);
        run(recovered, model, new Random(seed), 2);
      }
    }
    graph.close();
  }

  private Model run(GraphStore graph, Model start, Random random, int commits) {
    Model model = start;
    for (int commit = 0; commit < commits; commit++) {
      Model next = model.copy();
      GraphTransaction tx = graph.beginWrite();
      for (int i = 0; i < 15; i++) {
        change(tx, next, random);
      }
      if (random.nextInt(5) == 0) {
        ask(tx, next, random);
      }
      if (random.nextInt(4) == 0) {
        tx.rollback();
      } else {
        tx.commit();
        model = next;
      }
      if (commit % 5 == 0) {
        verify(graph, model, random);
      }
    }
    verify(graph, model, random);
    return model;
  }

  private void change(GraphTransaction tx, Model model, Random random) {
    String node = pick(model.ids(false), random);
    String edge = pick(model.ids(true), random);
    switch (node == null ? 0 : random.nextInt(16)) {
      case 0, 1, 2, 3 -> {
        Item item = new Item(false);
        for (int i = random.nextInt(3); i > 0; i--) {
          item.labels.add("L" + random.nextInt(2));
        }
        item.properties.putAll(properties(random));
        model.items.put(tx.createNode(item.labels, item.properties).elementId(), item);
      }
      case 4, 5 -> {
        Item item = new Item(true);
        item.labels.add("T" + random.nextInt(2));
        item.properties.putAll(properties(random));
        item.from = node;
        item.to = pick(model.ids(false), random);
        item.properties.put("p2", 1L);
        Relationship handle =
            tx.createRelationship(
                node(tx, node), item.labels.iterator().next(), node(tx, item.to), item.properties);
        model.items.put(handle.elementId(), item);
      }
      case 6, 7, 8 -> {
        Object value = random.nextInt(4) == 0 ? null : value(random);
        String key = "p" + random.nextInt(2);
        tx.setProperty(node(tx, node), key, value);
        put(model.items.get(node).properties, key, value);
      }
      case 9, 10 -> {
        if (edge != null) {
          Object value = random.nextInt(4) == 0 ? null : value(random);
          String key = "p" + random.nextInt(2);
          tx.setProperty(tx.relationship(edge).orElseThrow(), key, value);
          put(model.items.get(edge).properties, key, value);
        }
      }
      case 11 -> {
        String label = "L" + random.nextInt(2);
        tx.addLabel(node(tx, node), label);
        model.items.get(node).labels.add(label);
      }
      case 12 -> {
        String label = "L" + random.nextInt(2);
        tx.removeLabel(node(tx, node), label);
        model.items.get(node).labels.remove(label);
      }
      case 13 -> {
        tx.detachDelete(node(tx, node));
        model.items.remove(node);
        model.items.values().removeIf(e -> e.edge && (e.from.equals(node) || e.to.equals(node)));
      }
      case 14 -> {
        if (edge != null) {
          tx.delete(tx.relationship(edge).orElseThrow());
          model.items.remove(edge);
        }
      }
      default -> schema(tx, model, random);
    }
  }

  private static void schema(GraphTransaction tx, Model model, Random random) {
    SchemaTarget target = TARGETS.get(random.nextInt(TARGETS.size()));
    String name = "i" + TARGETS.indexOf(target);
    boolean known = model.indexes.containsKey(name);
    if (known && random.nextInt(3) == 0) {
      assertTrue(tx.dropIndex(name, false));
      model.indexes.remove(name);
    } else {
      assertEquals(!known, tx.createIndex(name, target, true));
      model.indexes.put(name, target);
    }
  }

  private static Node node(GraphTransaction tx, String id) {
    return tx.node(id).orElseThrow();
  }

  private void verify(GraphStore graph, Model model, Random random) {
    try (GraphSnapshot tx = graph.beginRead()) {
      ask(tx, model, random);
      assertEquals(
          List.of(), GraphCheck.run(tx, Progress.NONE).problems(), "seed " + seed + " check");
    }
  }

  /// Random look-ups in every index.
  private void ask(RecordReading tx, Model model, Random random) {
    assertEquals(
        model.indexes.keySet(),
        new TreeSet<>(tx.catalog().indexes().stream().map(IndexDefinition::name).toList()));
    model.indexes.forEach(
        (name, target) -> {
          IndexDefinition index = tx.catalog().index(name);
          Set<String> all = new TreeSet<>();
          model.items.forEach(
              (id, item) -> {
                if (item.edge == target.ofRelationships()
                    && item.labels.contains(target.labelOrType())
                    && item.properties.keySet().containsAll(target.keys())) {
                  all.add(id);
                }
              });
          assertEquals(all, found(tx, index, Lookup.all()), "seed " + seed);
          assertEquals(all.size(), tx.counts().entries(index), "seed " + seed);
          for (int i = 0; i < 20; i++) {
            askOnce(tx, model, random, index, target, all);
          }
        });
  }

  private void askOnce(
      RecordReading tx,
      Model model,
      Random random,
      IndexDefinition index,
      SchemaTarget target,
      Collection<String> all) {
    int equal = random.nextInt(target.keys().size() + 1);
    List<Object> wanted = new ArrayList<>();
    List<Predicate<Object>> tests = new ArrayList<>();
    for (int i = 0; i < equal; i++) {
      Object value = value(random);
      wanted.add(value);
      tests.add(found -> isEqual(found, value));
    }
    Lookup lookup = Lookup.equal(wanted);
    if (equal < target.keys().size() && random.nextBoolean()) {
      String prefix = List.of("", "a", "http://example.org/", "😀").get(random.nextInt(4));
      lookup = lookup.andPrefix(prefix);
      tests.add(found -> found instanceof String text && text.startsWith(prefix));
    } else if (equal < target.keys().size()) {
      Object low = random.nextInt(3) == 0 ? null : value(random);
      Object high = low != null && random.nextBoolean() ? null : value(random);
      boolean lowIn = random.nextBoolean();
      boolean highIn = random.nextBoolean();
      lookup = lookup.andRange(low, lowIn, high, highIn);
      tests.add(
          found ->
              (low == null || isWithin(order(found, low), lowIn, 1))
                  && (high == null || isWithin(order(found, high), highIn, -1)));
    }
    Set<String> expected = new TreeSet<>();
    for (String id : all) {
      Map<String, Object> properties = model.items.get(id).properties;
      boolean passes = true;
      for (int i = 0; i < tests.size(); i++) {
        passes &= tests.get(i).test(properties.get(target.keys().get(i)));
      }
      if (passes) {
        expected.add(id);
      }
    }
    assertEquals(expected, found(tx, index, lookup), "seed " + seed + " " + wanted);
  }

  private static Set<String> found(RecordReading tx, IndexDefinition index, Lookup lookup) {
    Set<String> found = new TreeSet<>();
    long[] ids = new long[3];
    try (IndexSeek seek = tx.seek(index, lookup)) {
      for (int count = seek.fill(ids, 3); count > 0; count = seek.fill(ids, 3)) {
        for (int i = 0; i < count; i++) {
          assertTrue(
              found.add(
                  index.ofRelationships()
                      ? tx.identityOfRow(index.token(), ids[i]).elementId()
                      : tx.handle(ids[i]).elementId()));
        }
      }
    }
    return found;
  }

  private static boolean isWithin(int order, boolean included, int sign) {
    return order == sign || included && order == 0;
  }

  private static boolean isEqual(Object a, Object b) {
    if (a instanceof Number && b instanceof Number) {
      return order(a, b) == 0;
    }
    if (a instanceof List<?> left && b instanceof List<?> right && left.size() == right.size()) {
      boolean equal = true;
      for (int i = 0; i < left.size(); i++) {
        equal &= isEqual(left.get(i), right.get(i));
      }
      return equal;
    }
    return a.equals(b);
  }

  /// -1, 0, 1, or 2 where two values cannot be compared.
  private static int order(Object a, Object b) {
    if (a instanceof Number left && b instanceof Number right) {
      double x = left.doubleValue();
      double y = right.doubleValue();
      if (Double.isNaN(x) || Double.isNaN(y)) {
        return 2;
      }
      return Double.isInfinite(x) || Double.isInfinite(y)
          ? Double.compare(x, y)
          : new BigDecimal(left.toString()).compareTo(new BigDecimal(right.toString()));
    }
    if (a instanceof List<?> left && b instanceof List<?> right) {
      for (int i = 0; i < Math.min(left.size(), right.size()); i++) {
        int one = order(left.get(i), right.get(i));
        if (one != 0) {
          return one;
        }
      }
      return Integer.compare(left.size(), right.size());
    }
    if (a.getClass() != b.getClass()) {
      return 2;
    }
    return switch (a) {
      case String text ->
          Integer.signum(
              java.util.Arrays.compare(
                  text.codePoints().toArray(), ((String) b).codePoints().toArray()));
      case Boolean truth -> truth.compareTo((Boolean) b);
      case LocalDate date -> Integer.signum(date.compareTo((LocalDate) b));
      case LocalTime time -> Integer.signum(time.compareTo((LocalTime) b));
      case LocalDateTime time -> Integer.signum(time.compareTo((LocalDateTime) b));
      case ZonedDateTime time -> Integer.signum(time.compareTo((ZonedDateTime) b));
      default -> 2;
    };
  }

  private static void put(Map<String, Object> map, String key, Object value) {
    if (value == null) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  private static Map<String, Object> properties(Random random) {
    Map<String, Object> properties = new TreeMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      properties.put("p" + random.nextInt(2), value(random));
    }
    return properties;
  }

  private static Object value(Random random) {
    return random.nextInt(30) == 0
        ? "http://example.org/" + "x".repeat(random.nextInt(20_000))
        : VALUES.get(random.nextInt(VALUES.size()));
  }

  private static String pick(List<String> from, Random random) {
    return from.isEmpty() ? null : from.get(random.nextInt(from.size()));
  }

  @Test
  void aUniqueConstraintKeepsWhatAMapKeeps() {
    Random random = new Random(seed);
    try (GraphStore graph = GraphStore.inMemory(options())) {
      GraphTransaction schema = graph.beginWrite();
      schema.createConstraint(
          null, SchemaTarget.nodes("U", "k"), ConstraintKind.UNIQUE, List.of(), false);
      schema.commit();
      Map<String, Object> model = new TreeMap<>();
      int refused = 0;
      for (int round = 0; round < 400 || refused <= 10 && round < 4_000; round++) {
        Map<String, Object> next = new TreeMap<>(model);
        GraphTransaction tx = graph.beginWrite();
        for (int i = 0; i < 3; i++) {
          String id = pick(new ArrayList<>(next.keySet()), random);
          Object value = VALUES.get(random.nextInt(VALUES.size()));
          if (id == null || random.nextInt(4) == 0) {
            next.put(tx.createNode(Set.of("U"), Map.of("k", value)).elementId(), value);
          } else if (random.nextInt(3) == 0) {
            tx.delete(node(tx, id));
            next.remove(id);
          } else {
            tx.setProperty(node(tx, id), "k", value);
            next.put(id, value);
          }
        }
        boolean fine = isUnique(next.values());
        boolean committed;
        try {
          tx.commit();
          committed = true;
        } catch (dev.quarry.error.GraphException e) {
          committed = false;
          refused++;
        }
        assertEquals(fine, committed, "seed " + seed);
        model = committed ? next : model;
      }
      assertTrue(refused > 10, "only " + refused);
      try (GraphSnapshot snapshot = graph.beginRead()) {
        assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
      }
    }
  }

  private static boolean isUnique(Collection<Object> values) {
    List<Object> list = new ArrayList<>(values);
    for (int i = 0; i < list.size(); i++) {
      for (int j = 0; j < i; j++) {
        if (isEqual(list.get(i), list.get(j))) {
          return false;
        }
      }
    }
    return true;
  }
}
