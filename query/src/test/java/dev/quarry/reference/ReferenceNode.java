package dev.quarry.reference;

import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// A node of a [ReferenceGraph].
final class ReferenceNode implements ReferenceEntity {
  private final long id;
  private final TreeSet<String> labels = new TreeSet<>();
  private final Map<String, Object> properties = new TreeMap<>();
  private boolean deleted;

  ReferenceNode(long id) {
    this.id = id;
  }

  @Override
  public long id() {
    return id;
  }

  TreeSet<String> labels() {
    return labels;
  }

  @Override
  public Map<String, Object> properties() {
    return properties;
  }

  @Override
  public boolean isDeleted() {
    return deleted;
  }

  void delete() {
    deleted = true;
  }

  @Override
  public String toString() {
    return "(" + id + labels + properties + (deleted ? " deleted" : "") + ")";
  }
}
