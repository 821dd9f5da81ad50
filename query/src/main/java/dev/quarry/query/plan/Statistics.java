package dev.quarry.query.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The counts and estimates that the planner goes by. No answer may rest on an estimate (rule S24).
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

  /// How many relationships a node has on average.
  ///
  /// @param label of the nodes, null for all
  /// @param type null for all
  /// @param outgoing whether the relationships leave the nodes
  /// @param other label of the nodes at the other end, null for all
  double degree(
      @Nullable String label, @Nullable String type, boolean outgoing, @Nullable String other);

  /// How many relationships of a type a node has that was reached over one of them, the other way:
  /// an estimate, 0 where there is none. Nodes of a high degree are reached more often.
  double degreeOfReached(@Nullable String label, String type, boolean outgoing);

  /// The estimate of a property; null where there is none.
  ///
  /// @param labelOrType null for all nodes
  @Nullable PropertyEstimate property(
      boolean ofRelationships, @Nullable String labelOrType, String key);

  /// How old the estimates of some records are; null where there are none.
  ///
  /// @param labelOrType null for all nodes
  @Nullable EstimateAge age(boolean ofRelationships, @Nullable String labelOrType);

  /// What indexes and constraints there are: equal as long as no plan needs to change because of
  /// them.
  Object schema();

  /// What all answers depend on: they are the same at equal moments. Null where nobody can tell.
  @Nullable Object moment();
}
