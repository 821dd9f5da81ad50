package dev.quarry.query.plan;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names that are visible at a place of a statement. Immutable.
public final class Scope {
  /// What is known of a variable when a statement is planned.
  public enum Kind {
    NODE("a node"),
    RELATIONSHIP("a relationship"),
    RELATIONSHIPS("a list of relationships"),
    PATH("a path"),
    BOOLEAN("a boolean"),
    INTEGER("an integer"),
    FLOAT("a float"),
    STRING("a string"),
    LIST("a list"),
    MAP("a map"),
    /// Anything: only its run tells.
    VALUE("a value");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// Whether it is a number for sure.
    boolean isNumber() {
      return this == INTEGER || this == FLOAT;
    }

    /// Whether it is a list for sure.
    boolean isList() {
      return this == LIST || this == RELATIONSHIPS;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /// @param slot the column of the rows
  public record Binding(int slot, Kind kind) {}

  /// First character of names that nobody can have written.
  static final String HIDDEN = "\u0000";

  /// The scope at the beginning of a statement.
  public static final Scope EMPTY = new Scope(Map.of());

  private final Map<String, Binding> bindings;

  private Scope(Map<String, Binding> bindings) {
    this.bindings = bindings;
  }

  /// The same and one more name, which may hide an older one.
  public Scope with(String name, int slot, Kind kind) {
    Map<String, Binding> more = new LinkedHashMap<>(bindings);
    more.put(name, new Binding(slot, kind));
    return new Scope(more);
  }

  /// The same and all names of another, which may hide older ones.
  public Scope with(Scope other) {
    Map<String, Binding> more = new LinkedHashMap<>(bindings);
    more.putAll(other.bindings);
    return new Scope(more);
  }

  /// What a name means; null if it is not visible.
  public @Nullable Binding find(String name) {
    return bindings.get(name);
  }

  /// The slot of a name that is known to be visible.
  public int slot(String name) {
    Binding binding = bindings.get(name);
    assert binding != null : name;
    return binding.slot();
  }

  /// All names, those that nobody wrote included.
  public Set<String> names() {
    return bindings.keySet();
  }

  /// The names that somebody wrote.
  public Set<String> written() {
    Set<String> names = new java.util.LinkedHashSet<>();
    for (String name : bindings.keySet()) {
      if (!isHidden(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /// Whether a name was made up by the planner.
  public static boolean isHidden(String name) {
    return name.startsWith(HIDDEN);
  }
}
