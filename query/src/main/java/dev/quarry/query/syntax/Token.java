package dev.quarry.query.syntax;

import dev.quarry.error.Span;

/// One word of a statement.
///
/// @param text what it says: of a string its value, of a quoted name the name
/// @param offset of its first UTF-16 unit in the statement
/// @param end behind its last
/// @param line 1-based
/// @param column 1-based, in code points
/// @param length in code points
record Token(Kind kind, String text, int offset, int end, int line, int column, int length) {
  enum Kind {
    NAME,
    QUOTED_NAME,
    INTEGER,
    FLOAT,
    /// Begins with a digit, but is no number.
    BAD_NUMBER,
    STRING,
    PARAMETER,
    SYMBOL,
    END
  }

  Span span() {
    return new Span(line, column, Math.max(1, length), offset);
  }

  boolean is(String symbol) {
    return kind == Kind.SYMBOL && text.equals(symbol);
  }

  boolean isWord(String word) {
    return kind == Kind.NAME && text.equalsIgnoreCase(word);
  }

  boolean isName() {
    return kind == Kind.NAME || kind == Kind.QUOTED_NAME;
  }

  /// How an error message shows it.
  String shown() {
    return switch (kind) {
      case END -> "the end of the statement";
      case STRING -> "a string";
      case PARAMETER -> "`$" + text + "`";
      default -> "`" + text + "`";
    };
  }
}
