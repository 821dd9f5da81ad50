package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.storage.StoreOptions;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A backup is the commit that it says, whatever goes on meanwhile, or it is not there.
class BackupTest {
  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  private Path path(String name) {
    return folder.resolve(name + ".quarry");
  }

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(32 << 20);
  }

  private static GraphHash.Result hash(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return GraphHash.run(snapshot, store.store(), Progress.NONE);
    }
  }

  /// Opens a copy, which must be sound, and closes it again.
  private static GraphHash.Result hashOf(Path copy) {
    GraphStore store = GraphStore.open(copy, options().withCreate(false));
    try {
      assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems());
      return hash(store);
    } finally {
      store.close();
      assertEquals(0, store.store().budget().used());
    }
  }

  /// Nodes with long texts, bare relationships, rows, a hub, an index, deletions.
  private static void fill(GraphStore store, Random random, int nodes) {
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> made = new ArrayList<>();
      for (int i = 0; i < nodes; i++) {
        String text = "t".repeat(random.nextInt(i == 0 ? 1 : 300));
        made.add(tx.createNode(Set.of("N" + i % 3), Map.of("id", i, "text", text)));
      }
      for (int i = 0; i < 3 * nodes; i++) {
        Node from = made.get(random.nextInt(4) == 0 ? 0 : random.nextInt(nodes));
        Map<String, ?> properties = i % 5 == 0 ? Map.of("w", i) : Map.of();
        tx.createRelationship(from, "R", made.get(random.nextInt(nodes)), properties);
      }
      for (int i = 1; i < nodes; i += 7) {
        tx.detachDelete(made.get(i));
      }
      tx.commit();
    }
  }

  private static void index(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createIndex("ids", SchemaTarget.nodes("N0", "id"), false);
      tx.commit();
    }
  }

  @Test
  void aCopyIsSoundHasTheSameHashAndGoesOnByItself() {
    Random random = new Random(seed);
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, random, 1500);
    index(store);
    store.store().checkpoint();
    fill(store, random, 300);
    GraphHash.Result original = hash(store);
    List<String> ids = ids(store);
    long commit = store.store().backup(path("b"), bytes -> {});
    assertEquals(store.store().statistics().commitNumber(), commit);
    assertEquals(original, hashOf(path("b")), "seed " + seed);
    GraphStore copy = GraphStore.open(path("b"), options());
    assertEquals(ids, ids(copy));
    assertNotEquals(store.store().uuid(), copy.store().uuid());
    for (int round = 0; round < 3; round++) {
      fill(copy, random, 200);
      copy.store().checkpoint();
      assertEquals(List.of(), GraphCheck.run(copy, Progress.NONE).problems(), "seed " + seed);
    }
    copy.close();
    assertEquals(original, hash(store));
    store.close();
    assertEquals(0, store.store().budget().used());
    assertEquals(hashOf(path("a")), original);
    try (var files = Files.list(folder)) {
      assertEquals(2, files.count());
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> ids(GraphStore store) {
    List<String> ids = new ArrayList<>();
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor nodes = snapshot.nodes()) {
      while (nodes.next()) {
        ids.add(nodes.node().elementId());
      }
    }
    return ids;
  }

  @Test
  void aCopyOfACopyHasTheSameSizeSinceBothAreCompact() throws Exception {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, new Random(seed), 2000);
    store.store().checkpoint();
    fill(store, new Random(seed), 2000);
    store.store().backup(path("b"), bytes -> {});
    store.close();
    GraphStore copy = GraphStore.open(path("b"), options().withReadOnly(true));
    copy.store().backup(path("c"), bytes -> {});
    copy.close();
    assertEquals(Files.size(path("b")), Files.size(path("c")));
    assertEquals(hashOf(path("b")), hashOf(path("c")));
  }

  @Test
  void aGraphInMemoryAndAnEmptyOneCanBeCopied() {
    GraphStore memory = GraphStore.inMemory(options());
    memory.store().backup(path("empty"), bytes -> {});
    assertEquals(hash(memory), hashOf(path("empty")));
    fill(memory, new Random(seed), 500);
    memory.store().backup(path("full"), bytes -> {});
    assertEquals(hash(memory), hashOf(path("full")), "seed " + seed);
    memory.close();
    assertEquals(0, memory.store().budget().used());
  }

  @Test
  void copiesMadeWhileAnotherThreadWritesAndChecksPointsAreOfOneCommitEach() throws Exception {
    GraphStore store = GraphStore.open(path("a"), options());
    Random random = new Random(seed);
    fill(store, random, 1000);
    AtomicBoolean stop = new AtomicBoolean();
    AtomicReference<Throwable> failure = new AtomicReference<>();
    Thread writer =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    Random own = new Random(seed + 1);
                    while (!stop.get()) {
                      fill(store, own, 20);
                      if (own.nextInt(3) == 0) {
                        store.store().checkpoint();
                      }
                    }
                  } catch (Throwable e) {
                    failure.set(e);
                  }
                });
    for (int round = 0; round < 8; round++) {
      Path copy = path("copy" + round);
      GraphHash.Result pinned;
      try (GraphSnapshot before = store.beginRead()) {
        pinned = GraphHash.run(before, store.store(), Progress.NONE);
        long commit = store.store().backup(copy, bytes -> Thread.yield());
        assertTrue(commit >= before.commitNumber());
        assertEquals(pinned, GraphHash.run(before, store.store(), Progress.NONE), "seed " + seed);
      }
      GraphHash.Result copied = hashOf(copy);
      assertTrue(copied.nodes() >= pinned.nodes(), "seed " + seed);
      assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems(), "seed " + seed);
    }
    stop.set(true);
    writer.join();
    assertEquals(null, failure.get());
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  @Test
  void whatIsThereAlreadyIsNotOverwritten() throws Exception {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, new Random(seed), 10);
    Files.writeString(path("b"), "mine");
    StoreOpenException e =
        assertThrows(StoreOpenException.class, () -> store.store().backup(path("b"), bytes -> {}));
    assertEquals(ErrorCode.STORE_EXISTS, e.code());
    assertEquals("mine", Files.readString(path("b")));
    Files.writeString(folder.resolve("c.quarry-wal-000001"), "a log of another store");
    e = assertThrows(StoreOpenException.class, () -> store.store().backup(path("c"), bytes -> {}));
    assertEquals(ErrorCode.STORE_EXISTS, e.code());
    assertThrows(StoreOpenException.class, () -> store.store().backup(path("a"), bytes -> {}));
    store.close();
    hashOf(path("a"));
  }

  @Test
  void aCopyThatIsCancelledLeavesNothing() throws Exception {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, new Random(seed), 2000);
    int[] left = {50};
    assertThrows(
        CancellationException.class,
        () ->
            store
                .store()
                .backup(
                    path("b"),
                    bytes -> {
                      if (left[0]-- == 0) {
                        throw new CancellationException();
                      }
                    }));
    store.close();
    assertEquals(0, store.store().budget().used());
    try (var files = Files.list(folder)) {
      assertEquals(List.of(path("a")), files.toList());
    }
  }

  @Test
  void aDamagedPageIsFoundThoughItWasVerifiedBefore() throws Exception {
    GraphStore store = GraphStore.open(path("a"), options());
    fill(store, new Random(seed), 500);
    store.close();
    GraphStore again = GraphStore.open(path("a"), options());
    GraphHash.Result before = hash(again);
    assertEquals(List.of(), GraphCheck.run(again, Progress.NONE).problems());
    try (RandomAccessFile file = new RandomAccessFile(path("a").toFile(), "rw")) {
      byte[] all = new byte[(int) file.length()];
      file.readFully(all);
      int at = new String(all, StandardCharsets.ISO_8859_1).indexOf("t".repeat(100));
      file.seek(at);
      file.write('u');
    }
    List<String> problems = GraphCheck.run(again, Progress.NONE).problems();
    assertFalse(problems.isEmpty());
    assertTrue(
        problems.stream().anyMatch(text -> text.contains("failed its checksum")),
        problems.toString());
    assertThrows(CorruptPageException.class, () -> again.store().backup(path("b"), bytes -> {}));
    assertFalse(Files.exists(path("b")));
    assertTrue(before.nodes() > 0);
    again.close();
  }
}
