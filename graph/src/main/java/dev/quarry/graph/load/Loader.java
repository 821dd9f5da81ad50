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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// Carries out a [LoadPlan]: nodes, then relationships, then the lists, all in one transaction.
public final class Loader {
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
    Map<String, IdMap> spaces = new HashMap<>();
    try (BulkTransaction transaction = store.beginBulk();
        Rejects rejects = new Rejects(plan.tolerated(), plan.rejectsFile());
        Links links =
            new Links(transaction, store.store().memory(), account, limit / 2, disk(), folder())) {
      if (!plan.isAppending() && !transaction.isEmpty()) {
        throw new LoadException(
            ErrorCode.LOAD_USAGE,
            "the graph has nodes already",
            "load into a new store, or say --append");
      }
      transaction.into(plan.region());
      LoadProgress reporter = new LoadProgress(progress, clock, rejects, plan.sources().size() + 2);
      Function<String, IdMap> newSpace = name -> new IdMap(store.store().memory(), account);
      long nodes = nodes(plan, transaction, spaces, newSpace, rejects, reporter);
      nodes += relationships(plan, transaction, spaces, newSpace, links, rejects, reporter);
      rejects.requireTolerable();
      long relationships = links.total();
      spaces.values().forEach(IdMap::close);
      spaces.clear();
      reporter.stage("lists", 0);
      links.write(() -> reporter.row(0));
      reporter.stage("commit", 0);
      transaction.commit();
      Duration time = Duration.ofNanos(clock.nanoTime() - start);
      return new LoadReport(
          nodes, relationships, rejects.count(), rejects.first(), time, account.peak());
    } finally {
      spaces.values().forEach(IdMap::close);
      account.close();
    }
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

  /// Returns how many nodes were made by edge lists.
  private static long relationships(
      LoadPlan plan,
      BulkTransaction transaction,
      Map<String, IdMap> spaces,
      Function<String, IdMap> newSpace,
      Links links,
      Rejects rejects,
      LoadProgress progress) {
    for (LoadPlan.Source source : sources(plan, LoadPlan.Source.Kind.RELATIONSHIPS)) {
      new RelationshipFile(transaction, source, spaces, links, rejects, progress).load();
    }
    long nodes = 0;
    for (LoadPlan.Source source : sources(plan, LoadPlan.Source.Kind.EDGES)) {
      String space = "edges " + String.join(":", source.labels());
      IdMap ids = spaces.computeIfAbsent(space, newSpace);
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
