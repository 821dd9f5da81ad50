package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The columns of a file, in neo4j-admin's convention: `name:TYPE(space){options}`.
///
/// @param columns one per field of a row
record Header(List<Column> columns) {
  private static final Pattern FIELD =
      Pattern.compile("([^:]*)(?::([A-Za-z_ -]+)(\\[\\])?(?:\\(([^)]*)\\))?(?:\\{([^}]*)\\})?)?");

  /// What a column is for.
  enum Role {
    ID,
    START_ID,
    END_ID,
    LABEL,
    TYPE,
    IGNORE,
    PROPERTY
  }

  /// @param name of the property; empty if it is not stored
  /// @param space of an id
  /// @param type of values, as `int` or `string`; of an id `integer`, `string` or null
  /// @param array whether a field holds several values
  record Column(Role role, String name, String space, @Nullable String type, boolean array) {
    /// Whether its values are stored under its name, as those of an id with a name are.
    boolean isProperty() {
      return role == Role.PROPERTY || role == Role.ID && !name.isEmpty();
    }
  }

  Header {
    columns = List.copyOf(columns);
  }

  static Header parse(List<String> fields, Path file) {
    List<Column> columns = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      columns.add(column(fields.get(i).strip(), file, i + 1));
    }
    ensureDistinct(columns, file);
    return new Header(columns);
  }

  /// Of two columns with one property, a record could keep the value of one only.
  private static void ensureDistinct(List<Column> columns, Path file) {
    Map<String, Integer> numbers = new HashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      Integer first = column.isProperty() ? numbers.putIfAbsent(column.name(), i + 1) : null;
      if (first != null) {
        throw new LoadException(
            ErrorCode.LOAD_HEADER,
            "%s: column %d of the header: property `%s` is that of column %d already"
                .formatted(file, i + 1, column.name(), first),
            "give one of them another name, or leave it out with :IGNORE");
      }
    }
  }

  private static Column column(String field, Path file, int number) {
    Matcher parts = FIELD.matcher(field);
    if (!parts.matches()) {
      throw wrong(file, number, "`" + field + "` is no name:TYPE");
    }
    String name = parts.group(1).strip();
    String word = parts.group(2) == null ? "string" : parts.group(2).strip();
    boolean array = parts.group(3) != null;
    String space = parts.group(4) == null ? "" : parts.group(4);
    String options = parts.group(5) == null ? "" : parts.group(5);
    Role role =
        switch (word.toUpperCase(Locale.ROOT)) {
          case "ID" -> Role.ID;
          case "START_ID" -> Role.START_ID;
          case "END_ID" -> Role.END_ID;
          case "LABEL" -> Role.LABEL;
          case "TYPE" -> Role.TYPE;
          case "IGNORE" -> Role.IGNORE;
          default -> Role.PROPERTY;
        };
    if (role == Role.PROPERTY && !FieldParser.isType(word)) {
      throw wrong(file, number, "`" + word + "` is no type; there are " + FieldParser.typeNames());
    }
    if (role == Role.PROPERTY && name.isEmpty()) {
      throw wrong(file, number, "a column without a name; write :IGNORE to leave it out");
    }
    String type = role == Role.PROPERTY ? word.toLowerCase(Locale.ROOT) : idType(options);
    return new Column(role, name, space, type, array);
  }

  /// `{integer}`, or neo4j-admin's `{id-type: long}`.
  private static @Nullable String idType(String options) {
    String text = options.toLowerCase(Locale.ROOT);
    if (text.contains("integer") || text.contains("long") || text.contains("int")) {
      return "integer";
    }
    return text.contains("string") ? "string" : null;
  }

  private static LoadException wrong(Path file, int number, String what) {
    return new LoadException(
        ErrorCode.LOAD_HEADER,
        file + ": column " + number + " of the header: " + what,
        "the convention is that of neo4j-admin, as in personId:ID(Person),name,age:int,:LABEL");
  }

  /// The index of the column with a role, -1 if there is none.
  int find(Role role) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).role() == role) {
        return i;
      }
    }
    return -1;
  }

  /// The same, but there must be exactly one.
  int require(Role role, Path file) {
    int index = find(role);
    if (index < 0) {
      throw new LoadException(
          ErrorCode.LOAD_HEADER,
          file + ": the header has no column :" + role,
          "name it in the header, or give one with --header");
    }
    for (int i = index + 1; i < columns.size(); i++) {
      if (columns.get(i).role() == role) {
        throw wrong(file, i + 1, "a second column :" + role);
      }
    }
    return index;
  }
}
