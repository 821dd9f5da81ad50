package dev.quarry.graph;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import java.util.UUID;

/// The handles of one open store: makes them, takes them apart, and keeps one per live record.
///
/// Not for applications: a handle made by anything but an open store is foreign to every store.
///
/// **Identity.** While anyone holds the handle of a record, asking for it again gives the same
/// object. The cache ([HandleTable]) holds handles weakly, so it keeps nothing alive; entries whose
/// handle is gone are taken out when others are made. It is bounded by what the application holds,
/// never by the graph. A relationship that was created without properties is one of some that are
/// interchangeable and is not in the cache: its handles are equal, and need not be the same object.
///
/// Threads: any; only making a handle takes a lock.
public final class Handles {
  private static final int SLOT_BITS = 40;
  private static final long SLOT_MASK = (1L << SLOT_BITS) - 1;

  private final UUID store;
  private final long line;
  private final NodeHandles nodes = new NodeHandles();
  private final RelationshipHandles relationships = new RelationshipHandles();

  /// @param store the identity of the store, the same at every opening
  /// @param line the line of history, 0 is the main one
  public Handles(UUID store, long line) {
    this.store = store;
    this.line = line;
  }

  /// The identity of the store.
  public UUID store() {
    return store;
  }

  /// The line of history.
  public long line() {
    return line;
  }

  /// The one handle of a node.
  public Node node(long id, int generation) {
    return nodes.get(this, id, generation);
  }

  /// The handle of a relationship; that of a row is the one handle of it.
  public Relationship relationship(RelationshipIdentity identity) {
    return switch (identity) {
      case RelationshipIdentity.Bare bare -> new Relationship(this, bare);
      case RelationshipIdentity.Row row -> relationships.get(this, row);
    };
  }

  /// A looked-up key; token -1 when no record has it yet.
  public PropertyKey key(String name, int token) {
    return new PropertyKey(name, this, token);
  }

  /// The id of a node of this store.
  public long id(Node node) {
    requireOwn(node.handles, node);
    return node.id;
  }

  /// The generation that the handle was made with.
  public int generation(Node node) {
    return node.generation;
  }

  /// The identity behind a relationship of this store.
  public RelationshipIdentity identity(Relationship relationship) {
    requireOwn(relationship.handles, relationship);
    return relationship.identity;
  }

  /// The token of a key of this store, -1 when it had none at the time.
  public int token(PropertyKey key) {
    requireOwn(key.handles(), key.name());
    return key.token();
  }

  /// How many records have a handle that someone may still hold.
  public int cached() {
    return nodes.size() + relationships.size();
  }

  static String nodeText(long id, int generation) {
    return (id >>> SLOT_BITS) + "." + (id & SLOT_MASK) + "." + generation;
  }

  /// @param what names the handle, once its text is asked for
  private void requireOwn(Handles other, Object what) {
    if (other != this && !(other.store.equals(store) && other.line == line)) {
      throw new GraphException(
          ErrorCode.FOREIGN_HANDLE,
          "the handle "
              + what
              + " belongs to store "
              + other.store
              + ", but it was used in store "
              + store,
          "use a handle only in the store that gave it out");
    }
  }
}
