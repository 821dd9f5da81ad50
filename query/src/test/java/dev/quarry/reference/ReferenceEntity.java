package dev.quarry.reference;

import java.util.Map;

/// A node or a relationship. Equal only to itself.
sealed interface ReferenceEntity permits ReferenceNode, ReferenceRelationship {
  long id();

  /// Its properties, to read and to change.
  Map<String, Object> properties();

  /// Whether it is deleted: its identity is left, its contents are not (rule S6).
  boolean isDeleted();
}
