package dev.quarry.graph.transaction;

import dev.quarry.graph.Handles;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.lease.Calls;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.Pin;
import dev.quarry.storage.page.Snapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A read transaction: one commit, as it stays until this is closed.
///
/// One of few steps is *left* instead, with what it found out about arenas and lists, and is the
/// next one of the same version as well. What it hands out, cursors and sets, asks the pin that it
/// was made under.
public final class GraphSnapshot extends Reading implements AutoCloseable {
  private final GraphStore store;
  private final Snapshot snapshot;
  private final Catalog catalog;
  private @Nullable Calls calls; // most readers have no lease
  private @Nullable Set<Runnable> endings; // most readers have none

  GraphSnapshot(
      GraphStore store, Snapshot snapshot, Catalog catalog, Handles handles, Scratch scratch) {
    super(snapshot, handles, scratch);
    this.store = store;
    this.snapshot = snapshot;
    this.catalog = catalog;
  }

  @Override
  public Catalog catalog() {
    return catalog;
  }

  @Override
  public Snapshot pages() {
    return snapshot;
  }

  /// The number of relationships of a type, exact; 0 for a type that nobody has used.
  public long countRelationships(String type) {
    ensureOpen();
    int token = catalog.type(type);
    return token < 0 ? 0 : counts().relationships(token);
  }

  /// Begins to read the same commit, for a thread of its own. Close it.
  public GraphSnapshot another() {
    return store.beginRead(this);
  }

  /// Runs work on this state up to where its result leaves, see [dev.quarry.storage.Scope].
  public void scoped(Runnable work) {
    store.store().scoped(work);
  }

  /// The memory of the store.
  public NativeMemory memory() {
    return store.store().memory();
  }

  /// The most threads that may share work on it, see [dev.quarry.storage.StoreOptions#mostThreads].
  public int mostThreads() {
    return store.store().options().mostThreads();
  }

  /// From now on somebody else may end it between two calls.
  public void usedBy(Calls newCalls) {
    calls = newCalls;
  }

  /// Begins a call of whoever uses what was made of it, where somebody else may end it; ends with
  /// [#exit()].
  ///
  /// @throws RuntimeException if it was ended
  public void enter() {
    if (calls != null) {
      calls.enter();
    }
  }

  /// The same, unless it was ended; then all that was made of it ended, too.
  public boolean mayEnter() {
    return calls == null || calls.mayEnter();
  }

  /// Ends a call.
  public void exit() {
    if (calls != null) {
      calls.exit();
    }
  }

  /// Ends something with this transaction, unless it ended before.
  public void endWith(Runnable ending) {
    ensureOpen();
    if (endings == null) {
      endings = new LinkedHashSet<>();
    }
    endings.add(ending);
  }

  /// Something has ended.
  public void ended(Runnable ending) {
    if (endings != null) {
      endings.remove(ending);
    }
  }

  /// The commit that is read.
  public long commitNumber() {
    return snapshot.commitNumber();
  }

  @Override
  public void ensureOpen() {
    snapshot.ensureOpen();
  }

  @Override
  @Nullable Pin pin() {
    return snapshot.pin();
  }

  /// Ends it, and lets the next reader of the same version have it: nobody may know of it any more.
  public void leave() {
    end();
    snapshot.leave(this);
  }

  @Override
  public void close() {
    end();
    snapshot.close();
  }

  private void end() {
    if (endings != null) {
      List.copyOf(endings).forEach(Runnable::run);
      endings = null;
    }
    closeWalks();
    scratch().close();
  }
}
