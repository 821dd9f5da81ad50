package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.check.SpaceNames;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.load.Links;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.SchemaTarget;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.checkpoint.NewFile;
import dev.quarry.storage.memory.Budget;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes what is left of a damaged store to a new one.
///
/// 1. Open the newest state whose tables and catalog can be read: that of the newest meta block,
///    else that of the other one; repeat its log in memory as far as that goes.
/// 2. Find the damaged pages by a walk over all of them.
/// 3. Copy every record that the others hold, with its id; make the schema again.
///
/// The damaged file is not touched, and the new store is made whole or not at all.
public final class Repair {
  private static final int STAGES = 5;

  private final StoreOptions options;
  private final boolean withoutLog;
  private final Steps steps;
  private final Losses losses = new Losses();
  private final List<String> notes = new ArrayList<>();

  /// What was saved.
  ///
  /// @param commitNumber of the state that was read
  /// @param damagedPages damaged pages and nodes of page tables
  /// @param pages the first 100 of them, in words
  /// @param notes what else should be known of the state that was read
  public record Result(
      long commitNumber,
      long nodes,
      long relationships,
      long damagedPages,
      List<String> pages,
      List<Losses.Loss> losses,
      List<String> notes) {}

  private Repair(StoreOptions options, boolean withoutLog, Progress progress) {
    this.options = options;
    this.withoutLog = withoutLog;
    this.steps = new Steps(progress, options.clock(), STAGES);
  }

  /// Repairs a store.
  ///
  /// @param options memory and disk of both stores
  /// @param withoutLog whether to leave the log of an unclean store out
  /// @throws StoreOpenException if the damaged store is held, of another format, or damaged beyond
  ///   salvage; or if there is something at the target already
  /// @throws CorruptPageException if the log is missing, and was not to be left out
  public static Result run(
      Path damaged, Path target, StoreOptions options, boolean withoutLog, Progress progress) {
    return new Repair(options.withReadOnly(false).withCreate(true), withoutLog, progress)
        .run(damaged, target);
  }

  private Result run(Path damaged, Path target) {
    Result[] result = new Result[1];
    NewFile.make(
        options.disk(),
        target,
        path -> {
          steps.stage("open");
          try (GraphStore source = open(damaged);
              GraphStore copy = GraphStore.open(path, options)) {
            result[0] = source.store().scope(() -> copy(source, copy));
          }
        });
    return result[0];
  }

  private GraphStore open(Path damaged) {
    try {
      return noted(open(damaged, 0), null);
    } catch (CorruptPageException e) {
      if (e.code() == ErrorCode.STORE_WAL_MISSING) {
        throw e;
      }
      return noted(older(damaged, e), e);
    }
  }

  private GraphStore open(Path damaged, int state) {
    Consumer<String> lost =
        text -> losses.add(Losses.Kind.COMMITS, "commits of the log: " + text, 0, false);
    return GraphStore.salvage(damaged, options, state, withoutLog ? null : lost);
  }

  private GraphStore older(Path damaged, CorruptPageException newest) {
    try {
      return open(damaged, 1);
    } catch (CorruptPageException e) {
      throw new StoreOpenException(
          ErrorCode.STORE_DAMAGED,
          damaged + " is damaged beyond salvage: " + newest.getMessage(),
          "restore it from a backup",
          newest);
    }
  }

  /// Says of a state what it lacks, apart from pages.
  private GraphStore noted(GraphStore source, @Nullable CorruptPageException newest) {
    if (newest != null) {
      losses.add(
          Losses.Kind.COMMITS,
          "commits after %d: the newest state cannot be read: %s"
              .formatted(source.store().statistics().commitNumber(), newest.getMessage()),
          0,
          false);
    }
    if (source.store().wholeMetaBlocks() < 2) {
      notes.add("one of the two meta blocks is damaged, so the state may not be the newest");
    }
    if (withoutLog && source.store().hasUncleanFile()) {
      losses.add(
          Losses.Kind.COMMITS,
          "commits after %d, which only the log held: it was left out"
              .formatted(source.store().statistics().commitNumber()),
          0,
          false);
    }
    return source;
  }

  private Result copy(GraphStore source, GraphStore copy) {
    try (GraphSnapshot from = source.beginRead()) {
      SpaceNames names = new SpaceNames(from.catalog());
      steps.stage("pages");
      Damage damage = Damage.of(from, names, steps);
      long[] saved = records(from, damage, names, copy);
      steps.stage("schema");
      schema(from.catalog(), copy);
      return new Result(
          from.commitNumber(),
          saved[0],
          saved[1],
          damage.count(),
          damage.first(),
          losses.list(),
          List.copyOf(notes));
    }
  }

  private long[] records(GraphSnapshot from, Damage damage, SpaceNames names, GraphStore copy) {
    Budget account = copy.store().budget().child("repair");
    Path file = java.util.Objects.requireNonNull(copy.store().path());
    Path folder = file.resolveSibling(file.getFileName() + "-tmp");
    long most = copy.store().budget().limit() / 4;
    PropertySalvage properties = new PropertySalvage(from.catalog(), losses);
    try (BulkTransaction to = copy.beginBulk();
        Links links = new Links(to, copy.store().memory(), account, most, options.disk(), folder)) {
      to.adopt(from.catalog());
      steps.stage("nodes");
      long nodes = new NodeSalvage(from, to, properties, losses, names, steps).run();
      steps.stage("relationships");
      long relationships =
          new RelationshipSalvage(from, damage, to, properties, links, losses, steps).run();
      links.write(steps::rows);
      to.forsake(from.catalog());
      to.commit();
      return new long[] {nodes, relationships};
    } finally {
      account.close();
    }
  }

  private void schema(Catalog catalog, GraphStore copy) {
    for (IndexDefinition index : catalog.indexes()) {
      if (!index.owned()) {
        SchemaTarget target = target(catalog, index.ofRelationships(), index.token(), index.keys());
        make(copy, "index " + index.name(), tx -> tx.createIndex(index.name(), target, false));
      }
    }
    for (ConstraintDefinition one : catalog.constraints()) {
      SchemaTarget target = target(catalog, one.ofRelationships(), one.token(), one.keys());
      make(
          copy,
          "constraint " + one.name(),
          tx -> tx.createConstraint(one.name(), target, one.kind(), one.types(), false));
    }
  }

  /// Makes a part of the schema, unless what is lost stands against it.
  private void make(GraphStore copy, String what, Consumer<GraphTransaction> statement) {
    try (GraphTransaction transaction = copy.beginWrite()) {
      statement.accept(transaction);
      transaction.commit();
    } catch (GraphException e) {
      losses.add(Losses.Kind.SCHEMA, what + ": " + e.getMessage(), 1, true);
    }
  }

  private static SchemaTarget target(
      Catalog catalog, boolean ofRelationships, int token, List<Integer> keys) {
    List<String> names = ofRelationships ? catalog.types() : catalog.labels();
    List<String> properties = keys.stream().map(key -> catalog.keys().get(key)).toList();
    return new SchemaTarget(ofRelationships, names.get(token), properties);
  }
}
