package dev.quarry.query.procedure;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.kernel.Subgraph;
import dev.quarry.query.syntax.Suggestion;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The map of options that a call of an algorithm is given, read with care: what nobody asks for is
/// a mistake, as is a value of another type.
///
/// All calls know `labels`, `types`, `direction` and `threads`.
final class AlgorithmOptions {
  private static final Set<String> COMMON = Set.of("labels", "types", "direction", "threads");

  private final String procedure;
  private final Map<?, ?> values;

  /// @param own options that this algorithm has beside the common ones
  AlgorithmOptions(String procedure, Map<?, ?> values, Set<String> own) {
    this.procedure = procedure;
    this.values = values;
    Set<String> known = new TreeSet<>(COMMON);
    known.addAll(own);
    for (Object key : values.keySet()) {
      if (!known.contains(key)) {
        String near = Suggestion.of(String.valueOf(key), known);
        throw wrong(
            "there is no option `" + key + "`",
            near == null ? "it has the options " + String.join(", ", known) : near);
      }
    }
  }

  /// The part of the graph that is meant.
  Subgraph part(Catalog catalog) {
    List<String> labels = names("labels");
    List<String> types = names("types");
    requireKnown("label", labels, catalog.labels());
    requireKnown("relationship type", types, catalog.types());
    return Subgraph.named(catalog, labels, types, direction());
  }

  private void requireKnown(String what, List<String> names, List<String> known) {
    for (String name : names) {
      String near = known.contains(name) ? null : Suggestion.of(name, known);
      if (near != null) {
        throw wrong("this graph has no " + what + " `" + name + "`", near);
      }
    }
  }

  /// A name, or a list of names; none if it is missing.
  private List<String> names(String key) {
    Object value = values.get(key);
    if (value == null) {
      return List.of();
    }
    List<?> list = value instanceof List<?> several ? several : List.of(value);
    if (!list.stream().allMatch(String.class::isInstance)) {
      throw wrongType(key, "a string or a list of strings", value);
    }
    return list.stream().map(String.class::cast).toList();
  }

  private Direction direction() {
    Object value = values.get("direction");
    if (value == null) {
      return Direction.OUTGOING;
    }
    return Arrays.stream(Direction.values())
        .filter(one -> one.name().equals(String.valueOf(value).toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(() -> wrongType("direction", "'OUTGOING', 'INCOMING' or 'BOTH'", value));
  }

  /// How many threads may share the work.
  ///
  /// @param otherwise as many if nothing is said
  int threads(int otherwise) {
    return (int) integer("threads", otherwise, 1, 1024);
  }

  /// An integer.
  ///
  /// @param otherwise its value if it is missing
  long integer(String key, long otherwise, long least, long most) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Long number && number >= least && number <= most) {
      return number;
    }
    throw wrongType(key, "an integer from " + least + " to " + most, value);
  }

  /// A number, as a float.
  ///
  /// @param otherwise its value if it is missing
  double number(String key, double otherwise, double least, double most) {
    Object value = values.get(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number
        && number.doubleValue() >= least
        && number.doubleValue() <= most) {
      return number.doubleValue();
    }
    throw wrongType(key, "a number from " + least + " to " + most, value);
  }

  /// A text; null if it is missing.
  @Nullable String text(String key) {
    Object value = values.get(key);
    if (value == null || value instanceof String) {
      return (String) value;
    }
    throw wrongType(key, "a string", value);
  }

  private EvaluationException wrongType(String key, String wanted, Object value) {
    return wrong("the option `" + key + "` is " + wanted + ", not " + value, null);
  }

  private EvaluationException wrong(String what, @Nullable String hint) {
    return new EvaluationException(
        ErrorCode.ARGUMENT_INVALID, "`" + procedure + "`: " + what, null, hint);
  }
}
