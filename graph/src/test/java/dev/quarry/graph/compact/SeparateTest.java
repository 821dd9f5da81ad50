package dev.quarry.graph.compact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.slab.Lists;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Relationships in mixed lists, dense kinds of which compaction moves to lists of their own; with
/// hubs, self-loops, parallels, and some that got their first property late. A list of texts is the
/// model.
class SeparateTest {
  private static final Path PATH = Path.of("/x.quarry");
  private static final int NODES = 800;
  private static final int LINKS = 6_000;
  private static final List<String> TYPES = List.of("KNOWS", "LIKES", "OWNS");

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<Node> nodes = new ArrayList<>();
  private final Map<String, Integer> numbers = new HashMap<>(); // by elementId
  private List<String> model = new ArrayList<>();
  private SimDisk disk = new SimDisk();
  private GraphStore store = open();

  private GraphStore open() {
    return GraphStore.open(
        PATH,
        StoreOptions.defaults()
            .withMemory(32 << 20)
            .withNativeMemory(NativeSource.FOREIGN)
            .withDisk(disk));
  }

  @BeforeEach
  void fill() {
    System.out.println("SeparateTest -Dseed=" + seed);
    System.setProperty("quarry.ownLists", "0");
    System.setProperty("quarry.leastFrozenBytes", "1");
    change(
        tx -> {
          for (int i = 0; i < NODES; i++) {
            Node node = tx.createNode(Set.of(i % 3 == 0 ? "A" : "B"), Map.of("number", i));
            numbers.put(node.elementId(), i);
            nodes.add(node);
          }
          for (int i = 0; i < LINKS; i++) {
            link(tx, TYPES.get(random.nextInt(TYPES.size())));
          }
          for (int i = 0; i < 20; i++) {
            link(tx, "RARE");
          }
        });
  }

  @AfterEach
  void theStoreIsSoundHoldsWhatTheModelHoldsAndTheLedgerIsZero() {
    try {
      verify();
    } finally {
      System.clearProperty("quarry.ownLists");
      System.clearProperty("quarry.leastFrozenBytes");
      store.close();
    }
    assertEquals(0, store.store().budget().used(), where());
  }

  private String where() {
    return "seed " + seed;
  }

  private void change(Consumer<GraphTransaction> work) {
    change(work, true);
  }

  /// A transaction, which the model follows only if it commits.
  private void change(Consumer<GraphTransaction> work, boolean commits) {
    List<String> before = List.copyOf(model);
    try (GraphTransaction tx = store.beginWrite()) {
      work.accept(tx);
      if (commits) {
        tx.commit();
      } else {
        model = new ArrayList<>(before);
      }
    }
  }

  /// Some nodes have most of them.
  private int anyNode() {
    return random.nextInt(random.nextInt(3) == 0 ? 2 : NODES);
  }

  private void link(GraphTransaction tx, String type) {
    int from = anyNode();
    int to = random.nextInt(20) == 0 ? from : anyNode();
    int parallels = random.nextInt(10) == 0 ? 3 : 1;
    for (int i = 0; i < parallels; i++) {
      Map<String, ?> properties = random.nextInt(3) > 0 ? Map.of() : Map.of("weight", i);
      tx.createRelationship(nodes.get(from), type, nodes.get(to), properties);
      model.add(text(from, type, to, properties.get("weight")));
    }
  }

  private static String text(int from, String type, int to, @Nullable Object weight) {
    return from + "-" + type + "->" + to + " " + weight;
  }

  private String text(GraphTransaction tx, Relationship one) {
    return text(number(tx.start(one)), tx.type(one), number(tx.end(one)), weight(tx, one));
  }

  private static @Nullable Object weight(GraphTransaction tx, Relationship one) {
    Object weight = tx.property(one, "weight");
    return weight instanceof Long number ? (Object) Math.toIntExact(number) : weight;
  }

  private int number(Node node) {
    return numbers.getOrDefault(node.elementId(), -1);
  }

  private void changeAtRandom(int changes) {
    change(
        tx -> {
          for (int i = 0; i < changes; i++) {
            Relationship one = random.nextInt(3) == 0 ? null : any(tx);
            if (one == null) {
              link(tx, TYPES.get(random.nextInt(TYPES.size())));
              continue;
            }
            model.remove(text(tx, one));
            if (random.nextBoolean()) {
              tx.delete(one);
            } else {
              tx.setProperty(one, "weight", random.nextInt(4) == 0 ? null : i);
              model.add(text(tx, one));
            }
          }
        },
        random.nextInt(10) > 0);
  }

  private @Nullable Relationship any(GraphTransaction tx) {
    Direction direction = random.nextBoolean() ? Direction.OUTGOING : Direction.INCOMING;
    try (RelationshipCursor all = tx.relationships(nodes.get(anyNode()), direction)) {
      Relationship found = null;
      for (int i = random.nextInt(400); i >= 0 && all.next(); i--) {
        found = all.relationship();
      }
      return found;
    }
  }

  private Compaction.Result compact() {
    return compact(Runnable::run, () -> false);
  }

  private Compaction.Result compact(boolean packs) {
    return Compaction.run(store, packs, Runnable::run, () -> false, Progress.NONE);
  }

  private Compaction.Result compact(Consumer<Runnable> turns, BooleanSupplier until) {
    return Compaction.run(store, random.nextBoolean(), turns, until, Progress.NONE);
  }

  private void verify() {
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems(), where());
    List<String> expected = new ArrayList<>(model);
    Collections.sort(expected);
    assertEquals(expected, links(Direction.OUTGOING), where());
    assertEquals(expected, links(Direction.INCOMING), where());
  }

  private List<String> links(Direction direction) {
    List<String> found = new ArrayList<>();
    try (GraphTransaction tx = store.beginWrite()) {
      for (Node node : nodes) {
        try (RelationshipCursor all = tx.relationships(node, direction)) {
          while (all.next()) {
            found.add(text(tx, all.relationship()));
          }
        }
      }
    }
    Collections.sort(found);
    return found;
  }

  /// The types that have lists of their own.
  private Set<String> ownTypes() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      Set<String> types = new TreeSet<>();
      snapshot
          .catalog()
          .kinds()
          .forEach(kind -> types.add(snapshot.catalog().typeName(kind.type())));
      return types;
    }
  }

  private long mixedEntries() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      long entries = 0;
      for (Arena arena : snapshot.catalog().arenas()) {
        for (boolean out : new boolean[] {true, false}) {
          Lists lists = new Lists(snapshot.pages(), arena.lists(out));
          for (long slot = 0; slot < lists.slotCount(); slot++) {
            entries += lists.length(slot);
          }
        }
      }
      return entries;
    }
  }

  @Test
  void denseKindsGetListsOfTheirOwnAndRareOnesStay() {
    assertEquals(Set.of(), ownTypes());
    boolean packs = random.nextBoolean();
    assertTrue(compact(packs).moved() > LINKS, where());
    assertEquals(Set.copyOf(TYPES), ownTypes());
    long rare = model.stream().filter(one -> one.contains("RARE")).count();
    assertEquals(2 * rare, mixedEntries(), where());
    assertEquals(0, compact(packs).moved(), where());
  }

  @Test
  void aKindThatIsSparseStaysThoughItHasManyRelationships() {
    change(
        tx -> {
          for (int i = 0; i < 2_000; i++) {
            tx.createNode(Set.of("A"), Map.of());
            tx.createNode(Set.of("B"), Map.of());
          }
        });
    compact();
    // :OWNS from A to A: about 220 among 2,267 nodes; from B to B: about 890 among 2,533
    assertEquals(Set.of(), ownTypes(), where());
    assertEquals(2L * model.size(), mixedEntries(), where());
  }

  @Test
  void mixedListsThatHaveBecomeEmptyAreAsIfThereHadNeverBeenAny() {
    change(
        tx -> {
          List<Relationship> rare = new ArrayList<>();
          for (Node node : nodes) {
            try (RelationshipCursor all = tx.relationships(node, Direction.OUTGOING, "RARE")) {
              while (all.next()) {
                rare.add(all.relationship());
              }
            }
          }
          for (Relationship one : rare) {
            model.remove(text(tx, one));
            tx.delete(one);
          }
        });
    assertEquals(0, model.stream().filter(one -> one.contains("RARE")).count(), where());
    compact();
    try (GraphSnapshot snapshot = store.beginRead()) {
      for (Arena arena : snapshot.catalog().arenas()) {
        assertTrue(new Lists(snapshot.pages(), arena.lists(true)).isEmpty(), where());
        assertTrue(new Lists(snapshot.pages(), arena.lists(false)).isEmpty(), where());
      }
    }
    changeAtRandom(100);
    compact();
  }

  @Test
  void whatIsMixedThoughItsKindHasListsIsMovedThere() {
    compact();
    assertFalse(ownTypes().contains("RARE"));
    System.setProperty("quarry.ownLists", "16");
    change(
        tx -> {
          for (int i = 0; i < 20; i++) {
            link(tx, "RARE");
          }
        });
    assertTrue(ownTypes().contains("RARE"));
    long before = mixedEntries();
    compact();
    long left = mixedEntries();
    assertTrue(left < before, where() + ", " + left + " of " + before);
  }

  @Test
  void everyElementIdNamesWhatItNamed() {
    changeAtRandom(2_000); // some of which get their first property late
    Map<String, String> before = texts();
    compact();
    assertEquals(before, texts(), where());
    try (GraphTransaction tx = store.beginWrite()) {
      before.forEach(
          (id, text) -> assertEquals(text, text(tx, tx.relationship(id).orElseThrow()), where()));
    }
  }

  private Map<String, String> texts() {
    Map<String, String> texts = new HashMap<>();
    try (GraphTransaction tx = store.beginWrite()) {
      for (Node node : nodes) {
        try (RelationshipCursor all = tx.relationships(node, Direction.OUTGOING)) {
          while (all.next()) {
            texts.put(all.relationship().elementId(), text(tx, all.relationship()));
          }
        }
      }
    }
    assertEquals(model.size(), texts.size(), where());
    return texts;
  }

  @Test
  void changesCompactionsAndCrashesInTurnAgreeWithTheModel() {
    for (int round = 0; round < 10; round++) {
      changeAtRandom(1 + random.nextInt(random.nextBoolean() ? 20 : 500));
      int[] left = {random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(80)};
      compact(
          step -> {
            step.run();
            if (random.nextInt(20) == 0) {
              changeAtRandom(1 + random.nextInt(30));
            }
          },
          () -> left[0]-- <= 0);
      if (random.nextInt(3) == 0) {
        store.store().checkpoint();
      }
      if (random.nextInt(3) == 0) {
        reopen(random.nextBoolean());
      }
      if (random.nextInt(3) == 0) {
        verify();
      }
    }
  }

  private void reopen(boolean killed) {
    SimDisk after = killed ? disk.afterKill() : disk;
    store.close();
    assertEquals(0, store.store().budget().used(), where());
    disk = after;
    store = open();
  }

  @Test
  void aReaderSeesWhatItSawBeforeTheyWereMoved() {
    try (GraphSnapshot reader = store.beginRead()) {
      GraphHash.Result before = GraphHash.run(reader, store.store(), Progress.NONE);
      compact();
      changeAtRandom(200);
      compact();
      store.store().checkpoint();
      assertEquals(before, GraphHash.run(reader, store.store(), Progress.NONE), where());
    }
  }

  @Test
  void aCrashRightAfterwardsLeavesTheSameGraph() {
    compact();
    GraphHash.Result before = hash(store);
    reopen(true);
    assertEquals(before, hash(store), where());
  }

  private static GraphHash.Result hash(GraphStore of) {
    try (GraphSnapshot snapshot = of.beginRead()) {
      return GraphHash.run(snapshot, of.store(), Progress.NONE);
    }
  }
}
