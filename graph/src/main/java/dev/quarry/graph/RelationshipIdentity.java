package dev.quarry.graph;

/// What names one relationship for its whole life; the two forms of its elementId.
///
/// Not for applications: they see handles and texts.
public sealed interface RelationshipIdentity {
  /// The text of this identity.
  String elementId();

  /// A row of an edge arena: a relationship that was created with properties.
  record Row(int arena, long slot, int generation) implements RelationshipIdentity {
    @Override
    public String elementId() {
      return "r" + arena + "." + slot + "." + generation;
    }
  }

  /// The n-th among its equals: a relationship that was created without properties.
  record Bare(
      int type, long source, int sourceGeneration, long target, int targetGeneration, long ordinal)
      implements RelationshipIdentity {
    @Override
    public String elementId() {
      return "e"
          + type
          + "."
          + Handles.nodeText(source, sourceGeneration)
          + "."
          + Handles.nodeText(target, targetGeneration)
          + "."
          + ordinal;
    }
  }
}
