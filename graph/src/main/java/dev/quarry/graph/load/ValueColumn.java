package dev.quarry.graph.load;

import dev.quarry.graph.record.Cells;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The values that the rows of a chunk have in one column which becomes a property.
///
/// Integers, and floats as most are written, are read without a call for each of their characters;
/// strings stay in the text of the chunk; what is written otherwise is left to [FieldParser], so
/// that both agree on what a value is. Used by one thread at a time.
final class ValueColumn {
  private static final int MOST_DIGITS = 18;
  private static final long MOST_EXACT = 1L << 53; // integers below are exact as floats
  private static final double[] TENS = {
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18
  };

  private enum Form {
    INTEGER,
    FLOAT,
    TEXT,
    OBJECT
  }

  private final Header.Column column;
  private final String type;
  private final int field;
  private final int key;
  private final Form form;
  private final Cells cells = new Cells();
  private long[] words = {};
  private boolean[] isPresent = {};
  private boolean isComplete; // whether every row has a value
  private @Nullable Object[] objects = {};

  /// @param field its place in a row
  /// @param key of the property
  ValueColumn(Header.Column column, int field, int key) {
    this.column = column;
    this.type = column.type() == null ? "string" : column.type();
    this.field = field;
    this.key = key;
    this.form = column.array() ? Form.OBJECT : form(type);
  }

  /// The columns that become properties; that of an id is none of them.
  ///
  /// @param keys makes the token of a property
  static List<ValueColumn> of(List<Header.Column> columns, ToIntFunction<String> keys) {
    List<ValueColumn> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      Header.Column column = columns.get(i);
      if (column.isProperty()) {
        int key = keys.applyAsInt(column.name());
        if (column.role() != Header.Role.ID) {
          values.add(new ValueColumn(column, i, key));
        }
      }
    }
    return values;
  }

  /// Why a row was rejected.
  ///
  /// @param field whose text is no value
  static String reason(List<ValueColumn> columns, CsvChunk csv, int row, int field) {
    for (ValueColumn column : columns) {
      if (column.field == field) {
        return column.reason(csv, row);
      }
    }
    throw new AssertionError("field " + field + " is no property");
  }

  private static Form form(String type) {
    return switch (type) {
      case "int", "integer", "long", "short", "byte" -> Form.INTEGER;
      case "float", "double" -> Form.FLOAT;
      case "string", "char" -> Form.TEXT;
      default -> Form.OBJECT;
    };
  }

  int key() {
    return key;
  }

  /// Reads the values.
  ///
  /// @param wrong of each row 0 while nothing is wrong with it; becomes the number of this column,
  ///   from 1, where its field is no value
  void parse(CsvChunk csv, int[] wrong) {
    int rows = csv.rows();
    if (isPresent.length < rows) {
      isPresent = new boolean[rows];
      words = form == Form.INTEGER || form == Form.FLOAT ? new long[rows] : words;
      objects = form == Form.OBJECT ? new @Nullable Object[rows] : objects;
    }
    isComplete = true;
    for (int row = 0; row < rows; row++) {
      if (wrong[row] == 0) {
        int from = csv.from(row, field);
        int to = csv.to(row, field);
        isPresent[row] = from < to;
        isComplete &= from < to;
        if (from < to && form != Form.TEXT && !parse(csv, row, from, to)) {
          wrong[row] = field + 1;
        }
      }
    }
  }

  private boolean parse(CsvChunk csv, int row, int from, int to) {
    return switch (form) {
      case INTEGER -> integer(csv.text, from, to, row) || slowly(csv, row);
      case FLOAT -> decimal(csv.text, from, to, row) || slowly(csv, row);
      default -> slowly(csv, row);
    };
  }

  private boolean integer(byte[] text, int from, int to, int row) {
    long number = TextWords.number(text, from, to - from);
    words[row] = number;
    return number >= 0 || signed(text, from, to, row);
  }

  private boolean signed(byte[] text, int from, int to, int row) {
    int first = text[from] == '-' ? from + 1 : from;
    long value = 0;
    for (int i = first; i < to; i++) {
      int digit = text[i] - '0';
      if (digit < 0 || digit > 9) {
        return false;
      }
      value = value * 10 + digit;
    }
    words[row] = first > from ? -value : value;
    return to > first && to - first <= MOST_DIGITS;
  }

  /// Digits with or without a point; with so few both they and the power of ten are exact as
  /// floats, and their quotient is rounded correctly (W. Clinger, PLDI 1990).
  private boolean decimal(byte[] text, int from, int to, int row) {
    int first = text[from] == '-' ? from + 1 : from;
    long value = 0;
    int point = -1;
    for (int i = first; i < to; i++) {
      int digit = text[i] - '0';
      if (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
      } else if (text[i] == '.' && point < 0) {
        point = i;
      } else {
        return false;
      }
    }
    int digits = to - first - (point < 0 ? 0 : 1);
    if (digits == 0 || digits > MOST_DIGITS || value > MOST_EXACT) {
      return false;
    }
    double number = value / TENS[point < 0 ? 0 : to - 1 - point];
    words[row] = Double.doubleToRawLongBits(first > from ? -number : number);
    return true;
  }

  private boolean slowly(CsvChunk csv, int row) {
    try {
      Object value = FieldParser.parse(csv.field(row, field), type, column.array());
      switch (form) {
        case INTEGER -> words[row] = (Long) value;
        case FLOAT -> words[row] = Double.doubleToRawLongBits((Double) value);
        default -> objects[row] = value;
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private String reason(CsvChunk csv, int row) {
    try {
      FieldParser.parse(csv.field(row, field), type, column.array());
    } catch (IllegalArgumentException e) {
      return column.name() + ": " + e.getMessage();
    }
    throw new AssertionError("field " + field + " of row " + row + " is a value");
  }

  boolean isPresent(int row) {
    return isPresent[row];
  }

  /// Adds the value of a row, which must be present, to a row that is encoded.
  void encode(CsvChunk csv, int row, EncodedRows target) {
    switch (form) {
      case INTEGER -> target.addWord(key, Tag.INTEGER, words[row]);
      case FLOAT -> target.addWord(key, Tag.FLOAT, words[row]);
      case TEXT ->
          target.addBytes(key, Tag.STRING, csv.text, csv.from(row, field), csv.to(row, field));
      case OBJECT -> {
        Object value = java.util.Objects.requireNonNull(objects[row]);
        byte[] bytes = ValueCodec.encode(value);
        target.addBytes(key, ValueCodec.tagOf(value), bytes, 0, bytes.length);
      }
    }
  }

  /// The values of some rows, until the next call.
  Cells cells(CsvChunk csv, int[] rows, int count) {
    cells.begin(tag(rows, count), csv.text);
    boolean isNumber = form == Form.INTEGER || form == Form.FLOAT;
    if (isNumber && isComplete && rows[count - 1] - rows[0] == count - 1) {
      cells.addWords(words, rows[0], count);
      return cells;
    }
    for (int i = 0; i < count; i++) {
      int row = rows[i];
      if (!isPresent[row]) {
        cells.addNothing();
      } else if (form == Form.TEXT) {
        cells.addText(csv.from(row, field), csv.to(row, field));
      } else if (form == Form.OBJECT) {
        cells.addObject(java.util.Objects.requireNonNull(objects[row]));
      } else {
        cells.addWord(words[row]);
      }
    }
    return cells;
  }

  private Tag tag(int[] rows, int count) {
    return switch (form) {
      case INTEGER -> Tag.INTEGER;
      case FLOAT -> Tag.FLOAT;
      case TEXT -> Tag.STRING;
      case OBJECT ->
          Arrays.stream(rows, 0, count)
              .filter(row -> isPresent[row])
              .mapToObj(row -> ValueCodec.tagOf(java.util.Objects.requireNonNull(objects[row])))
              .findFirst()
              .orElse(Tag.BOOLEAN);
    };
  }
}
