package dev.quarry.query.plan;

import java.util.List;

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

  /// The keys of each index over the nodes with a label, or over the relationships of a type, that
  /// plans may use.
  List<List<String>> indexes(boolean ofRelationships, String labelOrType);

  /// The number of records in such an index.
  double entries(boolean ofRelationships, String labelOrType, List<String> keys);

  /// The number of different keys in such an index.
  double distinct(boolean ofRelationships, String labelOrType, List<String> keys);

  /// What indexes and constraints there are: equal as long as no plan needs to change because of
  /// them.
  Object schema();
}
