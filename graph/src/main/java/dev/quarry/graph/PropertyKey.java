package dev.quarry.graph;

import java.util.Objects;

/// A property key whose name has been looked up once, for hot loops.
///
/// A key that no record of the store has yet is fine: it reads as null until someone writes it.
/// Immutable; any thread, any transaction of its store.
public final class PropertyKey {
  private final String name;
  private final Handles handles;
  private final int token;

  PropertyKey(String name, Handles handles, int token) {
    this.name = name;
    this.handles = handles;
    this.token = token;
  }

  /// The name of the key.
  public String name() {
    return name;
  }

  Handles handles() {
    return handles;
  }

  int token() {
    return token;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PropertyKey key && key.name.equals(name) && key.handles == handles;
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
