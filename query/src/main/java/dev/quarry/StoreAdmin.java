package dev.quarry;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreStatistics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/// Statistics and upkeep, from the catalog and the store below.
final class StoreAdmin implements Admin {
  private final GraphStore store;
  private final WriterTurns turns;

  StoreAdmin(GraphStore store, WriterTurns turns) {
    this.store = store;
    this.turns = turns;
  }

  @Override
  public CheckReport check(Progress progress) {
    long start = System.nanoTime();
    GraphCheck.Result result = store.store().scope(() -> GraphCheck.run(store, progress));
    store.store().ensureUnchanged();
    return new CheckReport(
        result.problems(),
        result.found(),
        result.pages(),
        result.nodes(),
        result.relationships(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public long backup(Path target, Progress progress) {
    Steps steps = new Steps(progress, store.store().clock(), 1);
    steps.stage("backup", store.store().statistics().reachableBytes());
    return store.store().backup(target, steps::page);
  }

  @Override
  public StoreHash hash(Progress progress) {
    return unchanged(() -> hashed(progress));
  }

  private StoreHash hashed(Progress progress) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      GraphHash.Result result = GraphHash.run(snapshot, store.store(), progress);
      return new StoreHash(
          "%016x%016x".formatted(result.high(), result.low()),
          "%016x".formatted(result.schema()),
          result.nodes(),
          result.relationships(),
          snapshot.commitNumber());
    }
  }

  @Override
  public CompactReport compact(CompactOptions options, BooleanSupplier until, Progress progress) {
    long start = System.nanoTime();
    long before = store.store().statistics().fileBytes();
    Compaction.Result result = Compaction.run(store, options.pack(), this::inTurn, until, progress);
    StoreStatistics after = store.store().statistics();
    return new CompactReport(
        result.isComplete(),
        before,
        after.fileBytes(),
        after.reachableBytes(),
        result.before().share(),
        result.after().share(),
        result.moved(),
        result.movedBytes(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  @Override
  public StoreStats stats() {
    return unchanged(this::counted);
  }

  /// Reads, and makes sure that nobody has written meanwhile to a store that is open without a
  /// lock: then what was read, or seemed to be damaged, means nothing.
  private <T> T unchanged(Supplier<T> reading) {
    T read;
    try {
      read = store.store().scope(reading::get);
    } catch (CorruptPageException e) {
      store.store().ensureUnchanged();
      throw e;
    }
    store.store().ensureUnchanged();
    return read;
  }

  private StoreStats counted() {
    StoreStatistics below = store.store().statistics();
    try (GraphSnapshot snapshot = store.beginRead()) {
      Catalog catalog = snapshot.catalog();
      long nodes = 0;
      for (int arena = 0; arena < catalog.arenas().size(); arena++) {
        nodes += snapshot.nodeCount(arena);
      }
      Map<String, Long> labels = new TreeMap<>();
      for (int label = 0; label < catalog.labels().size(); label++) {
        labels.put(catalog.labels().get(label), snapshot.counts().nodes(label));
      }
      long relationships = 0;
      Map<String, Long> types = new TreeMap<>();
      for (int type = 0; type < catalog.types().size(); type++) {
        long count = snapshot.counts().relationships(type);
        types.put(catalog.types().get(type), count);
        relationships += count;
      }
      return new StoreStats(
          nodes,
          relationships,
          labels,
          types,
          snapshot.regionUsage(),
          below.commitNumber(),
          below.fileBytes(),
          below.walBytes(),
          below.memoryUsed(),
          below.memoryLimit(),
          below.readers());
    }
  }

  @Override
  public List<String> warnings() {
    String mended = store.store().mended();
    return mended == null ? List.of() : List.of(mended);
  }

  @Override
  public StoreNames names() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      Catalog catalog = snapshot.catalog();
      return new StoreNames(catalog.labels(), catalog.types(), catalog.keys());
    }
  }

  @Override
  public void checkpoint() {
    inTurn(store.store()::checkpoint);
  }

  /// Runs what waits for the writer.
  private void inTurn(Runnable work) {
    turns.await(
        () -> {
          work.run();
          return null;
        });
  }
}
