package dev.quarry.query.execute;

/// What a query changed.
public final class Counters {
  private long nodesCreated;
  private long relationshipsCreated;
  private long propertiesSet;
  private long labelsAdded;

  void addNode(int labels, int properties) {
    nodesCreated++;
    labelsAdded += labels;
    propertiesSet += properties;
  }

  void addRelationship(int properties) {
    relationshipsCreated++;
    propertiesSet += properties;
  }

  public long nodesCreated() {
    return nodesCreated;
  }

  public long relationshipsCreated() {
    return relationshipsCreated;
  }

  public long propertiesSet() {
    return propertiesSet;
  }

  public long labelsAdded() {
    return labelsAdded;
  }
}
