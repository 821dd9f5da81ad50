package dev.quarry.graph.transaction;

import dev.quarry.graph.Handles;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.Snapshot;

/// A read transaction: one commit, as it stays until this is closed.
public final class GraphSnapshot extends Reading implements AutoCloseable {
  private final Snapshot snapshot;
  private final Catalog catalog;

  GraphSnapshot(Snapshot snapshot, Catalog catalog, Handles handles, Scratch scratch) {
    super(snapshot, handles, scratch);
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
    return token < 0 ? 0 : relationshipCount(token);
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
  public void close() {
    scratch().close();
    snapshot.close();
  }
}
