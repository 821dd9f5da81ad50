package dev.quarry.tck;

import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.RelationshipValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Values as the TCK writes them: both sides of a comparison become one canonical text.
final class TckText {
  private final String text;
  private final boolean ordered;
  private int at;

  private TckText(String text, boolean ordered) {
    this.text = text;
    this.ordered = ordered;
  }

  /// The canonical text of an expected value.
  ///
  /// @param ordered whether the order inside of lists counts
  static String expected(String cell, boolean ordered) {
    TckText parser = new TckText(cell, ordered);
    String value = parser.value();
    parser.skip();
    if (parser.at != cell.length()) {
      throw new IllegalArgumentException("not a value of the TCK: " + cell);
    }
    return value;
  }

  /// A value without nodes, relationships and paths, as a parameter.
  static @Nullable Object parameter(String cell) {
    String plain = cell.strip();
    if (plain.startsWith("'")) {
      return plain.substring(1, plain.length() - 1).replace("\\'", "'").replace("\\\\", "\\");
    }
    if (plain.startsWith("[") || plain.startsWith("{")) {
      boolean list = plain.startsWith("[");
      List<Object> elements = new ArrayList<>();
      Map<String, Object> map = new TreeMap<>();
      for (String part : split(plain.substring(1, plain.length() - 1))) {
        if (list) {
          elements.add(parameter(part));
        } else {
          int colon = part.indexOf(':');
          map.put(part.substring(0, colon).strip(), parameter(part.substring(colon + 1)));
        }
      }
      return list ? elements : map;
    }
    return switch (plain) {
      case "null" -> null;
      case "true" -> true;
      case "false" -> false;
      case "NaN" -> Double.NaN;
      default ->
          plain.matches("-?\\d+") ? (Object) Long.valueOf(plain) : (Object) Double.valueOf(plain);
    };
  }

  private static List<String> split(String inner) {
    List<String> parts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    boolean quoted = false;
    for (int i = 0; i < inner.length(); i++) {
      char c = inner.charAt(i);
      if (c == '\'' && (i == 0 || inner.charAt(i - 1) != '\\')) {
        quoted = !quoted;
      } else if (!quoted && (c == '[' || c == '{')) {
        depth++;
      } else if (!quoted && (c == ']' || c == '}')) {
        depth--;
      } else if (!quoted && depth == 0 && c == ',') {
        parts.add(inner.substring(start, i));
        start = i + 1;
      }
    }
    if (!inner.isBlank()) {
      parts.add(inner.substring(start));
    }
    return parts;
  }

  /// The canonical text of a value that a query returned.
  static String actual(@Nullable Object value, boolean ordered) {
    return switch (value) {
      case null -> "null";
      case String string -> quote(string);
      case Double number -> floating(number);
      case java.time.temporal.Temporal temporal -> quote(temporal.toString());
      case dev.quarry.graph.CypherDuration duration -> quote(duration.toString());
      case List<?> list -> list(list.stream().map(e -> actual(e, ordered)).toList(), ordered);
      case Map<?, ?> map -> {
        Map<String, String> sorted = new TreeMap<>();
        map.forEach((key, element) -> sorted.put((String) key, actual(element, ordered)));
        yield map(sorted);
      }
      case NodeValue node -> node(new TreeSet<>(node.labels()), properties(node.properties()));
      case RelationshipValue relationship -> relationship(relationship);
      case PathValue path -> path(path);
      default -> value.toString();
    };
  }

  private static String relationship(RelationshipValue relationship) {
    String properties = properties(relationship.properties());
    return "[:" + relationship.type() + (properties.isEmpty() ? "" : " " + properties) + "]";
  }

  private static String path(PathValue path) {
    StringBuilder text = new StringBuilder("<");
    for (int i = 0; i < path.nodes().size(); i++) {
      if (i > 0) {
        RelationshipValue relationship = path.relationships().get(i - 1);
        boolean forward =
            relationship.start().equals(path.nodes().get(i - 1).elementId())
                && relationship.end().equals(path.nodes().get(i).elementId());
        text.append(forward ? "-" : "<-");
        text.append(relationship(relationship));
        text.append(forward ? "->" : "-");
      }
      text.append(actual(path.nodes().get(i), true));
    }
    return text.append('>').toString();
  }

  private static String properties(Map<String, ?> properties) {
    Map<String, String> sorted = new TreeMap<>();
    properties.forEach((key, value) -> sorted.put(key, actual(value, true)));
    return sorted.isEmpty() ? "" : map(sorted);
  }

  private static String node(TreeSet<String> labels, String properties) {
    String names = labels.stream().map(label -> ":" + label).collect(Collectors.joining());
    return "(" + names + (names.isEmpty() || properties.isEmpty() ? "" : " ") + properties + ")";
  }

  private static String list(List<String> elements, boolean ordered) {
    List<String> sorted = ordered ? elements : elements.stream().sorted().toList();
    return "[" + String.join(", ", sorted) + "]";
  }

  private static String map(Map<String, String> sorted) {
    return sorted.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + entry.getValue())
        .collect(Collectors.joining(", ", "{", "}"));
  }

  private static String floating(double number) {
    return number == 0 ? "0.0" : Double.toString(number);
  }

  private static String quote(String string) {
    return "'" + string.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }

  // The parser of expected values.

  private String value() {
    skip();
    char c = text.charAt(at);
    switch (c) {
      case '\'' -> {
        return quote(string());
      }
      case '[' -> {
        return text.startsWith("[:", at) ? relationship() : list(elements(), ordered);
      }
      case '{' -> {
        return map(mapEntries());
      }
      case '(' -> {
        return node();
      }
      case '<' -> {
        return path();
      }
      default -> {
        int start = at;
        while (at < text.length() && ",]}) ".indexOf(text.charAt(at)) < 0) {
          at++;
        }
        String word = text.substring(start, at);
        boolean integer = word.matches("-?\\d+");
        return integer || word.matches("[a-z]+") ? word : floating(Double.parseDouble(word));
      }
    }
  }

  private String string() {
    StringBuilder string = new StringBuilder();
    at++;
    while (text.charAt(at) != '\'') {
      if (text.charAt(at) == '\\' && at + 1 < text.length()) {
        char next = text.charAt(at + 1);
        if (next == '\'' || next == '\\') {
          at++;
        }
      }
      string.append(text.charAt(at++));
    }
    at++;
    return string.toString();
  }

  private List<String> elements() {
    List<String> elements = new ArrayList<>();
    at++;
    skip();
    while (text.charAt(at) != ']') {
      elements.add(value());
      skip();
      if (text.charAt(at) == ',') {
        at++;
        skip();
      }
    }
    at++;
    return elements;
  }

  private Map<String, String> mapEntries() {
    Map<String, String> entries = new TreeMap<>();
    at++;
    skip();
    while (text.charAt(at) != '}') {
      int colon = text.indexOf(':', at);
      String key = text.substring(at, colon).strip();
      at = colon + 1;
      entries.put(key, value());
      skip();
      if (text.charAt(at) == ',') {
        at++;
        skip();
      }
    }
    at++;
    return entries;
  }

  private String name() {
    int start = at;
    while (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_') {
      at++;
    }
    return text.substring(start, at);
  }

  private String node() {
    at++;
    TreeSet<String> labels = new TreeSet<>();
    skip();
    while (text.charAt(at) == ':') {
      at++;
      labels.add(name());
      skip();
    }
    String properties = text.charAt(at) == '{' ? map(mapEntries()) : "";
    skip();
    at++;
    return node(labels, properties);
  }

  private String relationship() {
    at += 2;
    String type = name();
    skip();
    String properties = text.charAt(at) == '{' ? map(mapEntries()) : "";
    skip();
    at++;
    return "[:" + type + (properties.isEmpty() ? "" : " " + properties) + "]";
  }

  private String path() {
    StringBuilder path = new StringBuilder("<");
    at++;
    path.append(node());
    while (text.charAt(at) != '>') {
      boolean backward = text.charAt(at) == '<';
      at += backward ? 2 : 1;
      String relationship = relationship();
      at += backward ? 1 : 2;
      path.append(backward ? "<-" : "-").append(relationship).append(backward ? "-" : "->");
      path.append(node());
    }
    at++;
    return path.append('>').toString();
  }

  private void skip() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }
}
