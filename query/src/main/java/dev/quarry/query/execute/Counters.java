package dev.quarry.query.execute;

/// What a query changed.
public final class Counters {
  private long nodesCreated;
  private long nodesDeleted;
  private long relationshipsCreated;
  private long relationshipsDeleted;
  private long propertiesSet;
  private long labelsAdded;
  private long labelsRemoved;
  private long indexesAdded;
  private long indexesRemoved;
  private long constraintsAdded;
  private long constraintsRemoved;

  void addNode(int labels, int properties) {
    nodesCreated++;
    labelsAdded += labels;
    propertiesSet += properties;
  }

  void addRelationship(int properties) {
    relationshipsCreated++;
    propertiesSet += properties;
  }

  void addDeletedNode() {
    nodesDeleted++;
  }

  void addDeletedRelationships(long count) {
    relationshipsDeleted += count;
  }

  void addProperties(int count) {
    propertiesSet += count;
  }

  void addLabels(boolean added) {
    labelsAdded += added ? 1 : 0;
    labelsRemoved += added ? 0 : 1;
  }

  void addIndex(boolean added) {
    indexesAdded += added ? 1 : 0;
    indexesRemoved += added ? 0 : 1;
  }

  void addConstraint(boolean added) {
    constraintsAdded += added ? 1 : 0;
    constraintsRemoved += added ? 0 : 1;
  }

  public long nodesCreated() {
    return nodesCreated;
  }

  public long nodesDeleted() {
    return nodesDeleted;
  }

  public long relationshipsCreated() {
    return relationshipsCreated;
  }

  public long relationshipsDeleted() {
    return relationshipsDeleted;
  }

  public long propertiesSet() {
    return propertiesSet;
  }

  public long labelsAdded() {
    return labelsAdded;
  }

  public long labelsRemoved() {
    return labelsRemoved;
  }

  public long indexesAdded() {
    return indexesAdded;
  }

  public long indexesRemoved() {
    return indexesRemoved;
  }

  public long constraintsAdded() {
    return constraintsAdded;
  }

  public long constraintsRemoved() {
    return constraintsRemoved;
  }
}
