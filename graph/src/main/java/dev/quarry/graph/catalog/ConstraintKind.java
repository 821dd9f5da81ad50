package dev.quarry.graph.catalog;

/// What a constraint demands. The order is part of the file format: kinds are added at the end.
public enum ConstraintKind {
  /// No two records have equal values; a record that lacks one of the properties is free.
  UNIQUE,
  /// Every record has the properties.
  EXISTS,
  /// A value is of a certain type; a record that lacks the property is free.
  TYPE,
  /// Both: every record has the properties, and no two have equal values.
  KEY;

  /// Whether equal values are forbidden, for which the constraint owns an index.
  public boolean isUnique() {
    return this == UNIQUE || this == KEY;
  }

  /// Whether the properties must be there.
  public boolean isExistence() {
    return this == EXISTS || this == KEY;
  }
}
