package dev.quarry.query.plan;

/// The counts that the planner goes by.
public interface Statistics {
  /// The number of nodes.
  double nodes();

  /// The number of nodes with a label.
  double nodes(String label);

  /// The number of relationships.
  double relationships();

  /// The number of relationships of a type.
  double relationships(String type);

  /// What indexes and constraints there are: equal as long as no plan needs to change because of
  /// them.
  Object schema();
}
