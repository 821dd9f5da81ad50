package dev.quarry.query.plan;

import dev.quarry.error.SyntaxException;
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
  public static final Scope EMPTY = new Scope(Map.of(), Map.of());

  private final Map<String, Binding> bindings;

  /// Names that are taken but cannot be read here, and the error of who asks for one.
  private final Map<String, SyntaxException> refused;

  private Scope(Map<String, Binding> bindings, Map<String, SyntaxException> refused) {
    this.bindings = bindings;
    this.refused = refused;
  }

  /// The same and one more name, which may hide an older one.
  public Scope with(String name, int slot, Kind kind) {
    Map<String, Binding> more = new LinkedHashMap<>(bindings);
    more.put(name, new Binding(slot, kind));
    return new Scope(more, refused);
  }

  /// The same and all names of another, which may hide older ones.
  public Scope with(Scope other) {
    Map<String, Binding> more = new LinkedHashMap<>(bindings);
    more.putAll(other.bindings);
    return new Scope(more, refused);
  }

  /// The same, where who asks for one of some names that are not bound gets an error.
  Scope refusing(Map<String, SyntaxException> names) {
    return new Scope(bindings, names);
  }

  /// What a name means; null if it is not visible.
  public @Nullable Binding find(String name) {
    Binding binding = bindings.get(name);
    if (binding == null && refused.containsKey(name)) {
      throw refused.get(name);
    }
    return binding;
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
