package dev.quarry.graph;

import java.util.UUID;

/// A weak handle to a relationship; all that is said of [Node] holds for it.
///
/// Relationships without properties that join the same two nodes in the same type are
/// interchangeable: a handle to the n-th of them is good while more than n exist. Who asks twice
/// for a relationship that was created without properties gets handles that are equal, and mostly
/// not the same object.
public final class Relationship {
  final Handles handles;
  final RelationshipIdentity identity;
  final int hash; // kept, since whoever looks for another one need not look at the identity then

  Relationship(Handles handles, RelationshipIdentity identity) {
    this.handles = handles;
    this.identity = identity;
    this.hash = identity.hashCode();
  }

  /// The identity of the relationship as text. Setting the first property does not change it.
  public String elementId() {
    return identity.elementId();
  }

  UUID store() {
    return handles.store();
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof Relationship relationship
            && relationship.identity.equals(identity)
            && relationship.store().equals(store())
            && relationship.handles.line() == handles.line());
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return elementId();
  }
}
