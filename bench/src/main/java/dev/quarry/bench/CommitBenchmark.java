package dev.quarry.bench;

import dev.quarry.Quarry;
import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.Durability;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.StoreStatistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;

/// Durable commits of one relationship each, against a bare loop of write and barrier.
///
/// The rival writes 256 bytes, about what such a commit logs, to a file that was filled with zeros
/// and forced before, and calls `force(false)`: less than this no engine can do. Ends are uniform.
/// Three situations: a warm store, after 60,000 such commits without barriers; right after a
/// checkpoint, in a store of at least eight times what makes a checkpoint due, so that pages are
/// cold; and 64 callers at once against one.
final class CommitBenchmark {
  private static final int NODES = 10_000;
  private static final int COLD_NODES = 8_000_000;
  private static final long COLD_MEMORY = 64 << 20;
  private static final int COMMITS = 200;
  private static final int WARM_ROUNDS = 300;
  private static final int RECORD = 256;
  private static final int RAW_BYTES = 16 << 20;
  private static final int CALLERS = 64;
  private static final int EACH = 200;

  /// Of each caller, in a store of their own: until their code is compiled, also that for long
  /// lists; compilers took a third of the processor time before.
  private static final int WARM_SUBMISSIONS = 20_000;

  /// Of each caller, in the store that is measured.
  private static final int FIRST_SUBMISSIONS = 200;

  private final int rounds;
  private final List<String> lines = new ArrayList<>();
  private int seeds; // of callers: each round relates other nodes

  private CommitBenchmark(int rounds) {
    this.rounds = rounds;
  }

  static List<String> run(int rounds) throws Exception {
    CommitBenchmark benchmark = new CommitBenchmark(rounds);
    try (Folder folder = Folder.create();
        FileChannel raw =
            FileChannel.open(
                folder.resolve("raw"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (int at = 0; at < RAW_BYTES; at += 1 << 16) {
        raw.write(ByteBuffer.allocate(1 << 16), at);
      }
      raw.force(true);
      warmUp(folder);
      benchmark.warm(folder, raw);
      benchmark.cold(folder, raw);
      benchmark.callers(folder, raw);
      return benchmark.lines;
    }
  }

  /// The same commits without barriers, so that the code is compiled: with them that would take
  /// long.
  private static void warmUp(Folder folder) {
    StoreOptions options = StoreOptions.defaults().withDurability(Durability.OPERATING_SYSTEM);
    try (GraphStore graph = GraphStore.open(folder.resolve("warmup.quarry"), options)) {
      List<Node> nodes = nodes(graph);
      Random random = new Random(2);
      for (int round = 0; round < WARM_ROUNDS; round++) {
        commits(graph, nodes, random, new long[COMMITS]);
      }
    }
  }

  private void warm(Folder folder, FileChannel raw) throws Exception {
    try (GraphStore graph =
        GraphStore.open(folder.resolve("warm.quarry"), StoreOptions.defaults())) {
      List<Node> nodes = nodes(graph);
      Random random = new Random(1);
      compare("warm", raw, times -> commits(graph, nodes, random, times));
    }
    compareWork(raw);
  }

  /// The bare loop with a little work before each write against the same without: what anybody's
  /// work costs beside a barrier.
  private void compareWork(FileChannel raw) throws Exception {
    long[] times = new long[COMMITS];
    int[] position = new int[1];
    for (int micros : new int[] {2, 5}) {
      lines.add(
          Interleaved.compare(
              "raw write and barrier after %d µs of work, p50 / raw write and barrier, p50 (µs)"
                  .formatted(micros),
              () -> {
                barriers(raw, position, times, micros * 1000L);
                return percentile(times, 50);
              },
              () -> {
                barriers(raw, position, times, 0);
                return percentile(times, 50);
              },
              rounds));
    }
  }

  private void cold(Folder folder, FileChannel raw) throws Exception {
    StoreOptions options = StoreOptions.defaults().withMemory(COLD_MEMORY);
    try (GraphStore graph = GraphStore.open(folder.resolve("cold.quarry"), options)) {
      List<Node> nodes = bulk(graph);
      Random random = new Random(1);
      StoreStatistics before = graph.store().statistics();
      long[] logged = new long[1];
      compare(
          "right after a checkpoint",
          raw,
          times -> {
            graph.store().checkpoint();
            commits(graph, nodes, random, times);
            logged[0] += graph.store().statistics().walBytes();
          });
      graph.store().checkpoint();
      StoreStatistics after = graph.store().statistics();
      long commits = after.commitNumber() - before.commitNumber();
      lines.add(
          String.format(
              Locale.ROOT,
              "| … bytes written per commit: %,d to the log, %,d by checkpoints every %d commits;"
                  + " file %,d MiB, checkpoint due at %,d MiB | | | | | |",
              logged[0] / commits,
              (after.checkpointBytes() - before.checkpointBytes()) / commits,
              COMMITS,
              after.fileBytes() >> 20,
              COLD_MEMORY / 4 >> 20));
    }
  }

  /// How many times as long as one caller 64 callers need for as many commits: the rate is the
  /// reciprocal. They write themselves, or submit. Then the same for commits of nothing, which no
  /// engine with one writer that is each caller in turn can beat.
  private void callers(Folder folder, FileChannel raw) throws Exception {
    for (Thread.Builder threads : List.of(Thread.ofPlatform(), Thread.ofVirtual())) {
      String kind = kind(threads);
      try (Quarry db = Quarry.open(folder.resolve("warmup-" + kind + ".quarry"))) {
        together(
            threads, submitting(db, db.write(CommitBenchmark::nodes)), CALLERS, WARM_SUBMISSIONS);
      }
      try (Quarry db = Quarry.open(folder.resolve(kind + ".quarry"))) {
        compareCallers(db, raw, threads);
      }
    }
  }

  private void compareCallers(Quarry db, FileChannel raw, Thread.Builder threads) throws Exception {
    List<Node> nodes = db.write(CommitBenchmark::nodes);
    Caller writing = (random, count) -> writes(db, nodes, random, count);
    Caller submitting = submitting(db, nodes);
    BareGroup group = new BareGroup(raw);
    Caller bare = (random, count) -> commitsOfNothing(group, count);
    together(threads, submitting, CALLERS, FIRST_SUBMISSIONS);
    compareCallers(
        "commits of 64 callers that submit / of one caller", threads, submitting, writing);
    compareCallers("commits of 64 callers / of one caller", threads, writing, writing);
    compareCallers("commits of nothing by 64 callers / by one caller", threads, bare, bare);
    lines.add(
        Interleaved.compare(
            "a commit of one caller that submits / of one that writes, %s threads (µs)"
                .formatted(kind(threads)),
            () -> together(threads, submitting, 1, COMMITS),
            () -> together(threads, writing, 1, COMMITS),
            rounds));
  }

  private static Caller submitting(Quarry db, List<Node> nodes) {
    return (random, count) -> submits(db, nodes, random, count);
  }

  private void compareCallers(String what, Thread.Builder threads, Caller many, Caller one)
      throws Exception {
    lines.add(
        Interleaved.compare(
            "%s, %s threads (µs a commit)".formatted(what, kind(threads)),
            () -> together(threads, many, CALLERS, EACH),
            () -> together(threads, one, 1, 2 * COMMITS),
            rounds));
  }

  private static String kind(Thread.Builder threads) {
    return threads instanceof Thread.Builder.OfVirtual ? "virtual" : "platform";
  }

  private interface Caller {
    void commit(Random random, int count);
  }

  private static void commitsOfNothing(BareGroup group, int count) {
    try {
      for (int i = 0; i < count; i++) {
        group.commit();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private double together(Thread.Builder kind, Caller work, int callers, int each)
      throws InterruptedException {
    CountDownLatch ready = new CountDownLatch(callers);
    CountDownLatch go = new CountDownLatch(1);
    List<Thread> threads = new ArrayList<>();
    for (int caller = 0; caller < callers; caller++) {
      Random random = new Random(seeds++);
      threads.add(
          kind.start(
              () -> {
                ready.countDown();
                awaitGo(go);
                work.commit(random, each);
              }));
    }
    ready.await();
    long start = System.nanoTime();
    go.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    return (System.nanoTime() - start) / (double) (callers * each);
  }

  private static void awaitGo(CountDownLatch go) {
    try {
      go.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private interface Commits {
    void run(long[] nanoseconds);
  }

  /// Adds two lines: the medians of rounds against each other, and the 99th percentiles of all.
  private void compare(String situation, FileChannel raw, Commits ours) throws Exception {
    long[] own = new long[COMMITS];
    long[] bare = new long[COMMITS];
    List<long[]> allOwn = new ArrayList<>();
    List<long[]> allBare = new ArrayList<>();
    int[] position = new int[1];
    lines.add(
        Interleaved.compare(
            "commit, " + situation + ", p50 / raw write and barrier, p50 (µs)",
            () -> {
              ours.run(own);
              allOwn.add(own.clone());
              return percentile(own, 50);
            },
            () -> {
              barriers(raw, position, bare, 0);
              allBare.add(bare.clone());
              return percentile(bare, 50);
            },
            rounds));
    double ourTail = percentile(joined(allOwn), 99);
    double bareTail = percentile(joined(allBare), 99);
    lines.add(
        String.format(
            Locale.ROOT,
            "| commit, %s, p99 of all / raw, p99 of all (µs) | %.1f | %.1f | **%.2f** | | %d |",
            situation,
            ourTail / 1000,
            bareTail / 1000,
            ourTail / bareTail,
            rounds));
  }

  private long[] joined(List<long[]> all) {
    return all.subList(all.size() - rounds, all.size()).stream()
        .flatMapToLong(Arrays::stream)
        .toArray();
  }

  private static double percentile(long[] times, int percent) {
    long[] sorted = times.clone();
    Arrays.sort(sorted);
    return sorted[(int) ((sorted.length - 1L) * percent / 100)];
  }

  private static List<Node> nodes(GraphStore graph) {
    GraphTransaction tx = graph.beginWrite();
    List<Node> nodes = nodes(tx);
    tx.commit();
    return nodes;
  }

  private static List<Node> nodes(GraphWriter tx) {
    List<Node> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(tx.createNode(Set.of("Person"), Map.of("number", i)));
    }
    return nodes;
  }

  /// Many nodes; of them, every tenth.
  private static List<Node> bulk(GraphStore graph) {
    List<Node> nodes = new ArrayList<>();
    GraphTransaction tx = graph.beginWrite();
    for (int i = 0; i < COLD_NODES; i++) {
      Node node = tx.createNode(Set.of("Person"), Map.of("number", i));
      if (i % 10 == 0) {
        nodes.add(node);
      }
    }
    tx.commit();
    return nodes;
  }

  private static void commits(GraphStore graph, List<Node> nodes, Random random, long[] times) {
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      GraphTransaction tx = graph.beginWrite();
      relate(tx, any(nodes, random), any(nodes, random));
      tx.commit();
      times[i] = System.nanoTime() - start;
    }
  }

  private static void writes(Quarry db, List<Node> nodes, Random random, int count) {
    for (int i = 0; i < count; i++) {
      Node start = any(nodes, random);
      Node end = any(nodes, random);
      db.update(tx -> relate(tx, start, end));
    }
  }

  private static void submits(Quarry db, List<Node> nodes, Random random, int count) {
    for (int i = 0; i < count; i++) {
      Node start = any(nodes, random);
      Node end = any(nodes, random);
      db.submit(tx -> relate(tx, start, end)).join();
    }
  }

  private static Relationship relate(GraphWriter tx, Node start, Node end) {
    return tx.createRelationship(start, "KNOWS", end, Map.of());
  }

  private static Node any(List<Node> nodes, Random random) {
    return nodes.get(random.nextInt(nodes.size()));
  }

  private static void barriers(FileChannel raw, int[] position, long[] times, long work)
      throws Exception {
    ByteBuffer record = ByteBuffer.allocateDirect(RECORD);
    for (int i = 0; i < times.length; i++) {
      long start = System.nanoTime();
      while (System.nanoTime() - start < work) {
        Thread.onSpinWait();
      }
      raw.write(record.clear(), position[0]);
      raw.force(false);
      position[0] = (position[0] + RECORD) % (RAW_BYTES - RECORD);
      times[i] = System.nanoTime() - start;
    }
  }
}
