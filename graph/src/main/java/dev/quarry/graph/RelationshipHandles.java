package dev.quarry.graph;

import org.jspecify.annotations.Nullable;

/// The one handle of each relationship that has a row and that someone holds. Threads: any, see
/// [HandleTable].
final class RelationshipHandles extends HandleTable<Relationship> {
  /// The handle of a relationship, made if nobody holds it.
  Relationship get(Handles handles, RelationshipIdentity.Row identity) {
    Relationship known = find(identity);
    return known != null ? known : findOrMake(handles, identity);
  }

  private @Nullable Relationship find(RelationshipIdentity.Row identity) {
    int hash = identity.hashCode();
    Entry<Relationship> entry = first(spread(hash));
    while (entry != null) {
      Relationship relationship = entry.get();
      if (relationship != null
          && relationship.hash == hash
          && relationship.identity.equals(identity)) {
        return relationship;
      }
      entry = entry.next();
    }
    return null;
  }

  private synchronized Relationship findOrMake(Handles handles, RelationshipIdentity.Row identity) {
    Relationship known = find(identity);
    if (known != null) {
      return known;
    }
    Relationship relationship = new Relationship(handles, identity);
    add(relationship);
    return relationship;
  }

  @Override
  int hash(Relationship relationship) {
    return spread(relationship.hash);
  }

  private static int spread(int hash) {
    return (int) (hash * 0x9E3779B97F4A7C15L >>> 32);
  }
}
