package dev.quarry.graph.transaction;

import dev.quarry.graph.Handles;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.StatisticsSpaces;
import dev.quarry.graph.catalog.VersionState;
import dev.quarry.graph.statistics.Estimates;
import dev.quarry.graph.statistics.EstimatesFormat;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.Upkeep;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One open graph. Threads: any.
public final class GraphStore implements AutoCloseable {
  private static final Catalog EMPTY = Catalog.empty(-1, StatisticsSpaces.NONE);

  private final Store store;
  private final Handles handles;
  private final Budget account;
  private volatile Estimates estimates = Estimates.NONE;

  private GraphStore(Store store) {
    this.store = store;
    this.handles = new Handles(store.uuid(), 0);
    this.account = store.budget().child("transactions");
    store.upkeep(new BeforeCheckpoint());
  }

  /// A graph without a file.
  public static GraphStore inMemory(StoreOptions options) {
    return new GraphStore(Store.inMemory(options));
  }

  /// Opens the graph in a file, and recovers it if it was not closed cleanly.
  ///
  /// @throws dev.quarry.error.StoreOpenException if it cannot be opened
  public static GraphStore open(Path path, StoreOptions options) {
    try (GraphReplayer replayer = new GraphReplayer()) {
      Store store = Store.open(path, options, replayer);
      try {
        store.scoped(() -> attachCatalog(store));
        return new GraphStore(store);
      } catch (RuntimeException | Error e) {
        store.close();
        throw e;
      }
    }
  }

  private static void attachCatalog(Store store) {
    try (Snapshot snapshot = store.beginRead()) {
      Catalog catalog = CatalogBuilder.of(snapshot);
      if (catalog != null) {
        store.attachInitial(new VersionState(catalog));
      }
    }
  }

  /// Opens what is left of a damaged graph, read-only, see [Store#salvage].
  ///
  /// @param state 0 for the newest that is whole, 1 for the one before it
  /// @param lost is told what of the log cannot be had; null leaves the log out
  public static GraphStore salvage(
      Path path, StoreOptions options, int state, @Nullable Consumer<String> lost) {
    try (GraphReplayer replayer = new GraphReplayer()) {
      Store store = Store.salvage(path, options, replayer, state, lost);
      try (Snapshot snapshot = store.beginRead()) {
        Catalog catalog = CatalogBuilder.of(snapshot);
        if (catalog != null) {
          store.attachInitial(new VersionState(catalog));
        }
      } catch (RuntimeException | Error e) {
        store.close();
        throw e;
      }
      return new GraphStore(store);
    }
  }

  /// Begins to read the newest commit.
  public GraphSnapshot beginRead() {
    return begun(store.beginRead());
  }

  /// Begins to read the newest commit by few steps: with what an earlier such reader of the same
  /// version found out. End it by [GraphSnapshot#leave] if nobody else knows of it, else close it;
  /// once.
  public GraphSnapshot beginReadAgain() {
    Snapshot snapshot = store.beginReadAgain();
    return snapshot.companion() instanceof GraphSnapshot known ? known : begun(snapshot);
  }

  /// Begins to read the commit that another reader reads, for a thread of its own.
  ///
  /// @param other not closed before this returns
  GraphSnapshot beginRead(GraphSnapshot other) {
    return begun(store.beginRead(other.pages()));
  }

  private GraphSnapshot begun(Snapshot snapshot) {
    try {
      Catalog catalog = CatalogBuilder.of(snapshot);
      return new GraphSnapshot(
          this,
          snapshot,
          catalog == null ? EMPTY : catalog,
          handles,
          store.memory().scratch(account));
    } catch (RuntimeException | Error e) {
      snapshot.close();
      throw e;
    }
  }

  /// Waits for the writer and begins to write.
  public GraphTransaction beginWrite() {
    PageTransaction pages = store.beginWrite();
    try {
      return new GraphTransaction(store, pages, handles, store.memory().scratch(account));
    } catch (RuntimeException | Error e) {
      store.rollback(pages);
      throw e;
    }
  }

  /// Takes back what a part of a transaction has changed: begins anew, and repeats the parts that
  /// have ended. Handles that these gave out stay good. Nobody writes in between.
  ///
  /// @param transaction one of parts, or one that can only be taken back; over on return
  /// @return one with the changes of the parts that have ended
  public GraphTransaction takeBackPart(GraphTransaction transaction) {
    return transaction.withoutPart(store.memory().scratch(account));
  }

  /// Waits for the writer and begins to load.
  public BulkTransaction beginBulk() {
    PageTransaction pages = store.beginBulk();
    try {
      return new BulkTransaction(store, pages, handles, store.memory().scratch(account));
    } catch (RuntimeException | Error e) {
      store.rollback(pages);
      throw e;
    }
  }

  /// The estimates that a state of this graph has. Threads: any, each with a state of its own.
  public Estimates estimates(RecordReading reading) {
    int space = reading.catalog().statistics().estimates();
    Estimates known = estimates;
    if (space < 0 || EstimatesFormat.stamp(reading.pages(), space) == known.stamp()) {
      return space < 0 ? Estimates.NONE : known;
    }
    Estimates found = EstimatesFormat.read(reading.pages(), space);
    estimates = found;
    return found;
  }

  /// What goes ahead of a checkpoint.
  private final class BeforeCheckpoint implements Upkeep {
    @Override
    public void complete(PageTransaction pages) {
      if (!VersionState.countsOf(pages).isEmpty()) {
        try (Scratch scratch = store.memory().scratch(account)) {
          new Changes(pages, scratch).finish();
        }
      }
    }

    @Override
    public void before(PageTransaction pages) {
      if (CatalogBuilder.of(pages) != null) {
        estimate(pages);
      }
    }
  }

  private void estimate(PageTransaction pages) {
    try (Scratch scratch = store.memory().scratch(account)) {
      Changes changes = new Changes(pages, scratch);
      RecordReading reading = new ChangedReading(changes, handles, scratch);
      changes.estimate(reading, pages.commitNumber(), new KnownDegrees());
      changes.finish();
    }
  }

  /// The store below.
  public Store store() {
    return store;
  }

  @Override
  public void close() {
    store.close();
  }
}
