package dev.quarry.reference;

import java.util.Map;
import java.util.TreeMap;

/// A relationship of a [ReferenceGraph].
final class ReferenceRelationship implements ReferenceEntity {
  private final long id;
  private final String type;
  private final ReferenceNode start;
  private final ReferenceNode end;
  private final Map<String, Object> properties = new TreeMap<>();
  private boolean deleted;

  ReferenceRelationship(long id, String type, ReferenceNode start, ReferenceNode end) {
    this.id = id;
    this.type = type;
    this.start = start;
    this.end = end;
  }

  @Override
  public long id() {
    return id;
  }

  String type() {
    return type;
  }

  ReferenceNode start() {
    return start;
  }

  ReferenceNode end() {
    return end;
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
    return "[" + id + ":" + type + properties + (deleted ? " deleted" : "") + "]";
  }
}
