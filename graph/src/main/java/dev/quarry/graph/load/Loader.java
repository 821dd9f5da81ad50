package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import dev.quarry.graph.Progress;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.io.Clock;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Carries out a [LoadPlan]: nodes, then relationships, then the lists, all in one transaction.
public final class Loader {
  /// Dense tables may take this part of the limit, however few integers there are, and no more than
  /// this many times the bytes of the files.
  private static final double DENSE_SHARE = 0.4;

  private static final long DENSE_FILES = 4;

  private static final Set<String> ID_TYPES = Set.of("integer", "string");

  private final GraphStore store;

  public Loader(GraphStore store) {
    this.store = store;
  }

  /// Loads; durable and visible on return.
  ///
  /// @throws LoadException if nothing was loaded, and why
  public LoadReport load(LoadPlan plan, Progress progress) {
    if (plan.sources().isEmpty()) {
      throw new LoadException(
          ErrorCode.LOAD_USAGE, "there is nothing to load", "name files of nodes or edges");
    }
    if (plan.tolerated() < 0) {
      throw new LoadException(
          ErrorCode.LOAD_USAGE,
          "the number of rows to tolerate is negative: " + plan.tolerated(),
          "give 0 for none");
    }
    if (plan.idType() != null && !ID_TYPES.contains(plan.idType())) {
      throw new LoadException(
          ErrorCode.LOAD_USAGE,
          "the type of ids is integer or string, not `" + plan.idType() + "`",
          null);
    }
    for (LoadPlan.Source source : plan.sources()) {
      if (!Files.isReadable(source.file()) || Files.isDirectory(source.file())) {
        throw new LoadException(
            ErrorCode.LOAD_INPUT,
            "there is no readable file " + source.file(),
            "check the path; nothing was loaded");
      }
    }
    Clock clock = store.store().clock();
    long start = clock.nanoTime();
    Budget budget = store.store().budget();
    long limit = plan.memoryBytes() > 0 ? plan.memoryBytes() : budget.limit() / 2;
    Budget account = budget.child("load", limit);
    NativeMemory memory = store.store().memory();
    Map<String, IdMap> spaces = new HashMap<>();
    Map<String, EdgeIds> integers = new HashMap<>();
    try (BulkTransaction transaction = store.beginBulk();
        Rejects rejects = new Rejects(plan.tolerated(), plan.rejectsFile());
        Links links = new Links(transaction, memory, account, limit / 2, disk(), folder())) {
      if (!plan.isAppending() && !transaction.isEmpty()) {
        throw new LoadException(
            ErrorCode.LOAD_USAGE,
            "the graph has nodes already",
            "load into a new store, or say --append");
      }
      transaction.into(plan.region());
      LoadProgress reporter = new LoadProgress(progress, clock, rejects, plan.sources().size() + 2);
      long ofSpace = denseBytes(plan, LoadPlan.Source.Kind.NODES, limit / 4);
      Function<String, IdMap> newSpace = name -> new IdMap(memory, account, ofSpace);
      long nodes = nodes(plan, transaction, spaces, newSpace, rejects, reporter);
      relationships(plan, transaction, spaces, links, rejects, reporter);
      close(spaces, integers);
      long dense = denseBytes(plan, LoadPlan.Source.Kind.EDGES, limit);
      Function<String, EdgeIds> ofLabels =
          labels -> integers.computeIfAbsent(labels, none -> new EdgeIds(memory, account, dense));
      nodes += edges(plan, transaction, ofLabels, links, rejects, reporter);
      close(spaces, integers);
      rejects.requireTolerable();
      long relationships = links.total();
      reporter.stage("lists", LoadProgress.listBytes(relationships));
      links.write(reporter::lists);
      reporter.stage("commit", 0);
      transaction.commit();
      Duration time = Duration.ofNanos(clock.nanoTime() - start);
      return new LoadReport(
          nodes, relationships, rejects.count(), rejects.first(), time, account.peak());
    } finally {
      close(spaces, integers);
      account.close();
    }
  }

  private static void close(Map<String, IdMap> spaces, Map<String, EdgeIds> integers) {
    spaces.values().forEach(IdMap::close);
    spaces.clear();
    integers.values().forEach(EdgeIds::close);
    integers.clear();
  }

  private static long nodes(
      LoadPlan plan,
      BulkTransaction transaction,
      Map<String, IdMap> spaces,
      Function<String, IdMap> newSpace,
      Rejects rejects,
      LoadProgress progress) {
    long nodes = 0;
    for (LoadPlan.Source source : sources(plan, LoadPlan.Source.Kind.NODES)) {
      nodes +=
          new NodeFile(transaction, source, spaces, newSpace, rejects, progress, plan.idType())
              .load();
    }
    return nodes;
  }

  private static void relationships(
      LoadPlan plan,
      BulkTransaction transaction,
      Map<String, IdMap> spaces,
      Links links,
      Rejects rejects,
      LoadProgress progress) {
    for (LoadPlan.Source source : sources(plan, LoadPlan.Source.Kind.RELATIONSHIPS)) {
      new RelationshipFile(transaction, source, spaces, links, rejects, progress).load();
    }
  }

  private static long denseBytes(LoadPlan plan, LoadPlan.Source.Kind kind, long limit) {
    long files = sources(plan, kind).stream().mapToLong(source -> Input.size(source.file())).sum();
    return (long) Math.min(limit * DENSE_SHARE, files * DENSE_FILES);
  }

  /// Returns how many nodes were made.
  private static long edges(
      LoadPlan plan,
      BulkTransaction transaction,
      Function<String, EdgeIds> space,
      Links links,
      Rejects rejects,
      LoadProgress progress) {
    long nodes = 0;
    for (LoadPlan.Source source : sources(plan, LoadPlan.Source.Kind.EDGES)) {
      EdgeIds ids = space.apply(String.join(":", source.labels()));
      nodes += new EdgeFile(transaction, source, ids, links, rejects, progress).load();
    }
    return nodes;
  }

  private static List<LoadPlan.Source> sources(LoadPlan plan, LoadPlan.Source.Kind kind) {
    return plan.sources().stream().filter(source -> source.kind() == kind).toList();
  }

  private Disk disk() {
    return store.store().inMemory() ? Disk.real() : store.store().options().disk();
  }

  /// Where sorted runs go: beside the store, else the temporary folder.
  private Path folder() {
    Path path = store.store().path();
    String process = "quarry-" + ProcessHandle.current().pid() + "-tmp";
    return path == null
        ? Path.of(System.getProperty("java.io.tmpdir"), process)
        : path.resolveSibling(path.getFileName() + "-tmp");
  }
}
