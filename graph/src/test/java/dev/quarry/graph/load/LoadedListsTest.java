package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/// Lists that a load has written as runs are changed by transactions, in all ways, and frozen again
/// by compaction.
class LoadedListsTest {
  private static final Path PATH = Path.of("/x.quarry");
  private static final int NODES = 2_000;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final SimDisk disk = new SimDisk();
  private final GraphStore store = GraphStore.open(PATH, options(disk));

  /// How many relationships of a type there are from a node to another, by their ids.
  private final Map<String, Integer> model = new TreeMap<>();

  private final List<Node> nodes = new ArrayList<>();

  private static StoreOptions options(SimDisk disk) {
    return StoreOptions.defaults()
        .withMemory(16 << 20)
        .withNativeMemory(NativeSource.FOREIGN)
        .withDisk(disk);
  }

  private String where() {
    return "seed " + seed;
  }

  @BeforeEach
  void load() throws IOException {
    System.out.println("LoadedListsTest -Dseed=" + seed);
    StringBuilder people = new StringBuilder("id:ID(P)\n");
    for (int i = 0; i < NODES; i++) {
      people.append(i).append('\n');
    }
    StringBuilder bare = new StringBuilder(":START_ID(P),:END_ID(P),:TYPE\n");
    for (int i = 0; i < 40_000; i++) {
      relationship(bare, "T", "");
    }
    StringBuilder rows = new StringBuilder(":START_ID(P),:END_ID(P),:TYPE,w:int\n");
    for (int i = 0; i < 20_000; i++) {
      relationship(rows, "R", "," + i);
    }
    new Loader(store)
        .load(
            new LoadPlan()
                .nodes("P", Files.writeString(folder.resolve("p.csv"), people))
                .relationships("", Files.writeString(folder.resolve("t.csv"), bare))
                .relationships("", Files.writeString(folder.resolve("r.csv"), rows)),
            Progress.NONE);
    nodes.addAll(java.util.Collections.nCopies(NODES, null));
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor cursor = snapshot.nodes("P")) {
      while (cursor.next()) {
        nodes.set(((Long) cursor.get(snapshot.key("id"))).intValue(), cursor.node());
      }
    }
  }

  private void relationship(StringBuilder file, String type, String more) {
    int from = skewed();
    int to = random.nextInt(NODES);
    file.append(from).append(',').append(to).append(',').append(type).append(more).append('\n');
    count(type, from, to, 1);
  }

  /// Some nodes have many.
  private int skewed() {
    return random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(NODES);
  }

  private void count(String type, int from, int to, int more) {
    String key = from + " " + type + " " + to;
    if (model.merge(key, more, Integer::sum) == 0) {
      model.remove(key);
    }
  }

  @AfterEach
  void checkAndClose() {
    agrees(store);
    store.close();
    assertEquals(0, store.store().budget().used(), where());
  }

  private void agrees(GraphStore withStore) {
    try (GraphSnapshot snapshot = withStore.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems(), where());
      assertEquals(model, walked(snapshot, Direction.OUTGOING), where());
      assertEquals(model, walked(snapshot, Direction.INCOMING), where());
    }
  }

  private Map<String, Integer> walked(GraphSnapshot snapshot, Direction direction) {
    Map<String, Integer> found = new TreeMap<>();
    try (NodeCursor cursor = snapshot.nodes("P")) {
      while (cursor.next()) {
        try (RelationshipCursor at = snapshot.relationships(cursor.node(), direction)) {
          while (at.next()) {
            long here = id(snapshot, cursor.node());
            long other = id(snapshot, at.neighbourNode());
            long from = at.outgoing() ? here : other;
            long to = at.outgoing() ? other : here;
            found.merge(from + " " + at.type() + " " + to, 1, Integer::sum);
          }
        }
      }
    }
    return found;
  }

  private static long id(GraphReader reader, Node node) {
    return (Long) reader.copy(node).properties().get("id");
  }

  @Test
  void theyAgreeWithAModelAfterChangesAndCrashes() {
    agrees(store);
    for (int round = 0; round < 6; round++) {
      try (GraphTransaction tx = store.beginWrite()) {
        for (int i = 0; i < 200; i++) {
          change(tx);
        }
        if (random.nextBoolean()) {
          RelationshipBatch batch = tx.batch("T");
          for (int i = random.nextInt(5_000); i > 0; i--) {
            int from = skewed();
            int to = random.nextInt(NODES);
            batch.add(nodes.get(from), nodes.get(to));
            count("T", from, to, 1);
          }
        }
        tx.commit();
      }
      agrees(store);
      if (random.nextBoolean()) {
        boolean ends = random.nextBoolean();
        boolean packs = random.nextBoolean();
        Compaction.run(
            store, packs, Runnable::run, () -> ends && random.nextInt(40) == 0, Progress.NONE);
        agrees(store);
      }
      if (round % 3 == 1) {
        store.store().checkpoint();
      }
      if (round % 3 == 2) {
        try (GraphStore recovered = GraphStore.open(PATH, options(disk.afterKill()))) {
          agrees(recovered);
        }
      }
    }
  }

  private void change(GraphTransaction tx) {
    int from = skewed();
    int to = random.nextInt(NODES);
    switch (random.nextInt(10)) {
      case 0, 1, 2 -> {
        tx.createRelationship(nodes.get(from), "T", nodes.get(to), Map.of());
        count("T", from, to, 1);
      }
      case 3 -> {
        tx.createRelationship(nodes.get(from), "R", nodes.get(to), Map.of("w", 1));
        count("R", from, to, 1);
      }
      case 4 -> { // a bare one that gets a property makes its lists wide
        Relationship one = any(tx, from);
        if (one != null) {
          tx.setProperty(one, "w", 2);
        }
      }
      case 5 -> {
        if (random.nextInt(20) == 0) {
          detach(tx, from);
        }
      }
      default -> {
        Relationship one = any(tx, from);
        if (one != null) {
          forget(tx, one);
          tx.delete(one);
        }
      }
    }
  }

  private @Nullable Relationship any(GraphTransaction tx, int from) {
    Relationship chosen = null;
    try (RelationshipCursor at = tx.relationships(nodes.get(from), Direction.OUTGOING)) {
      for (int left = random.nextInt(30); left >= 0 && at.next(); left--) {
        chosen = at.relationship();
      }
    }
    return chosen;
  }

  private void forget(GraphTransaction tx, Relationship one) {
    long from = id(tx, tx.start(one));
    long to = id(tx, tx.end(one));
    count(tx.type(one), (int) from, (int) to, -1);
  }

  private void detach(GraphTransaction tx, int node) {
    List<Relationship> all = new ArrayList<>();
    for (Direction direction : List.of(Direction.OUTGOING, Direction.INCOMING)) {
      try (RelationshipCursor at = tx.relationships(nodes.get(node), direction)) {
        while (at.next()) {
          boolean loop = at.neighbourNode().equals(nodes.get(node));
          if (!loop || direction == Direction.OUTGOING) {
            all.add(at.relationship());
          }
        }
      }
    }
    all.forEach(one -> forget(tx, one));
    tx.detachDelete(nodes.get(node));
    nodes.set(node, tx.createNode(Set.of("P"), Map.of("id", (long) node)));
  }
}
