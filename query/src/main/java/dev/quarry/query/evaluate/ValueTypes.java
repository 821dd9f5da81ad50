package dev.quarry.query.evaluate;

import dev.quarry.query.value.Cell;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.TreeSet;

/// The name of the type of a value, as `valueType` gives it: `INTEGER NOT NULL`, `LIST<STRING |
/// INTEGER> NOT NULL`.
final class ValueTypes {
  private static final String[] ORDER = {
    "BOOLEAN",
    "STRING",
    "INTEGER",
    "FLOAT",
    "DATE",
    "LOCAL TIME",
    "ZONED TIME",
    "LOCAL DATETIME",
    "ZONED DATETIME",
    "DURATION",
    "POINT",
    "NODE",
    "RELATIONSHIP",
    "MAP",
    "PATH"
  };

  private ValueTypes() {}

  static String of(long head, long body) {
    return Cell.tag(head) == Cell.NULL ? "NULL" : plain(head, body, 0) + " NOT NULL";
  }

  private static String plain(long head, long body, int depth) {
    return switch (Cell.tag(head)) {
      case Cell.BOOLEAN -> "BOOLEAN";
      case Cell.INTEGER -> "INTEGER";
      case Cell.FLOAT -> "FLOAT";
      case Cell.STRING -> "STRING";
      case Cell.DATE -> "DATE";
      case Cell.LOCAL_TIME -> "LOCAL TIME";
      case Cell.TIME -> "ZONED TIME";
      case Cell.LOCAL_DATETIME -> "LOCAL DATETIME";
      case Cell.DATETIME -> "ZONED DATETIME";
      case Cell.DURATION -> "DURATION";
      case Cell.POINT -> "POINT";
      case Cell.NODE -> "NODE";
      case Cell.RELATIONSHIP -> "RELATIONSHIP";
      case Cell.MAP -> "MAP";
      case Cell.PATH -> "PATH";
      case Cell.LIST -> list(head, body, depth);
      default -> throw new AssertionError(Cell.tag(head));
    };
  }

  /// The types of all elements, each once, in a fixed order; lists last.
  private static String list(long head, long body, int depth) {
    Cell.requireDepth(depth);
    boolean nulls = false;
    Set<String> found = new TreeSet<>();
    for (long i = 0; i < Cell.size(head); i++) {
      long at = body + i * Cell.BYTES;
      if (Cell.tag(Cell.head(at)) == Cell.NULL) {
        nulls = true;
      } else {
        found.add(plain(Cell.head(at), Cell.body(at), depth + 1));
      }
    }
    if (found.isEmpty()) {
      return nulls ? "LIST<NULL>" : "LIST<NOTHING>";
    }
    Set<String> ordered = new LinkedHashSet<>();
    for (String type : ORDER) {
      if (found.contains(type)) {
        ordered.add(type);
      }
    }
    ordered.addAll(found);
    String suffix = nulls ? "" : " NOT NULL";
    return "LIST<" + String.join(suffix + " | ", ordered) + suffix + ">";
  }
}
