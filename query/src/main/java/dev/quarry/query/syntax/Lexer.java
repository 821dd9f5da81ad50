package dev.quarry.query.syntax;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Cuts the text of a statement into tokens; white space and comments are dropped.
///
/// Limits: 64 MiB of text, 1 M tokens. Used once.
final class Lexer {
  static final int MOST_TOKENS = 1_000_000;
  static final int LONGEST_TEXT = 64 << 20;
  private static final String[] DOUBLE_SYMBOLS = {"<>", "<=", ">=", "=~", "+=", "..", "||"};

  private final String text;
  private final List<Token> tokens = new ArrayList<>();
  private int at;
  private int line = 1;
  private int column = 1;

  private Lexer(String text) {
    this.text = text;
  }

  /// All tokens of a text; the last is [Token.Kind#END].
  static List<Token> tokens(String text) {
    if (text.length() > LONGEST_TEXT) {
      throw new SyntaxException(
          ErrorCode.STATEMENT_TOO_LARGE,
          "the statement has " + text.length() + " characters; the limit is " + LONGEST_TEXT,
          null,
          "pass data as parameters");
    }
    Lexer lexer = new Lexer(text);
    lexer.run();
    return lexer.tokens;
  }

  private void run() {
    while (true) {
      skipBlanks();
      if (at >= text.length()) {
        tokens.add(new Token(Token.Kind.END, "", at, at, line, column, 0));
        return;
      }
      if (tokens.size() >= MOST_TOKENS) {
        throw new SyntaxException(
            ErrorCode.STATEMENT_TOO_LARGE,
            "the statement has more than " + MOST_TOKENS + " tokens",
            here(),
            "pass data as parameters");
      }
      tokens.add(token());
    }
  }

  private Token token() {
    int start = at;
    int startLine = line;
    int startColumn = column;
    char first = text.charAt(at);
    Token.Kind kind;
    String value;
    if (Character.isUnicodeIdentifierStart(text.codePointAt(at)) || first == '_') {
      kind = Token.Kind.NAME;
      value = word();
    } else if (first == '`') {
      kind = Token.Kind.QUOTED_NAME;
      value = quotedName();
    } else if (first == '\'' || first == '"') {
      kind = Token.Kind.STRING;
      value = string(first);
    } else if (isDigit(first) || first == '.' && isDigit(peek(1)) && !rangeBefore()) {
      value = number();
      kind = kindOf(value);
    } else if (first == '$') {
      kind = Token.Kind.PARAMETER;
      value = parameter();
    } else {
      kind = Token.Kind.SYMBOL;
      value = symbol();
    }
    int length = text.codePointCount(start, at);
    return new Token(kind, value, start, at, startLine, startColumn, length);
  }

  /// `1...5` does not occur; `[1.. .5]` does, so only a dot that follows a dot directly counts.
  private boolean rangeBefore() {
    return at > 0 && text.charAt(at - 1) == '.';
  }

  private String word() {
    int start = at;
    while (at < text.length() && Character.isUnicodeIdentifierPart(text.codePointAt(at))) {
      step();
    }
    if (at == start) {
      step();
      while (at < text.length() && Character.isUnicodeIdentifierPart(text.codePointAt(at))) {
        step();
      }
    }
    return text.substring(start, at);
  }

  private String quotedName() {
    Span open = here();
    StringBuilder name = new StringBuilder();
    step();
    while (true) {
      if (at >= text.length()) {
        throw error("the quoted name that begins here has no closing '`'", open, "add the '`'");
      }
      if (text.charAt(at) == '`') {
        step();
        if (at >= text.length() || text.charAt(at) != '`') {
          return paired(name, open);
        }
      }
      name.appendCodePoint(text.codePointAt(at));
      step();
    }
  }

  private String string(char quote) {
    Span open = here();
    StringBuilder value = new StringBuilder();
    step();
    while (true) {
      if (at >= text.length()) {
        throw error(
            "the string that begins here has no closing " + quote, open, "add the " + quote);
      }
      char c = text.charAt(at);
      if (c == quote) {
        step();
        return paired(value, open);
      }
      if (c == '\\') {
        escape(value);
      } else {
        value.appendCodePoint(text.codePointAt(at));
        step();
      }
    }
  }

  /// The text, which must not hold half of a surrogate pair; escapes may write one half each.
  private String paired(StringBuilder value, Span open) {
    String result = value.toString();
    if (result
        .codePoints()
        .anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
      int length = text.codePointCount(open.offset(), at);
      throw new SyntaxException(
          ErrorCode.INVALID_UNICODE_CHARACTER,
          "the text holds half of a surrogate pair, which is no character",
          new Span(open.line(), open.column(), length, open.offset()),
          "write characters beyond U+FFFF as they are, as \\U and eight digits, or as both halves");
    }
    return result;
  }

  private void escape(StringBuilder value) {
    Span start = here();
    step();
    char c = at < text.length() ? text.charAt(at) : ' ';
    String plain = "\\\\''\"\"b\bf\fn\nr\rt\t``";
    for (int i = 0; i < plain.length(); i += 2) {
      if (plain.charAt(i) == c) {
        value.append(plain.charAt(i + 1));
        step();
        return;
      }
    }
    int digits = c == 'u' ? 4 : c == 'U' ? 8 : 0;
    step();
    int code = digits == 0 ? -1 : hexadecimal(digits);
    if (!Character.isValidCodePoint(code)) {
      throw new SyntaxException(
          ErrorCode.INVALID_UNICODE_LITERAL,
          digits == 0
              ? "`\\" + c + "` is no escape"
              : "`\\" + c + "` needs " + digits + " hexadecimal digits of a character",
          start,
          "write \\\\ for a backslash");
    }
    value.appendCodePoint(code);
  }

  private int hexadecimal(int digits) {
    long code = 0;
    for (int i = 0; i < digits; i++) {
      int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
      if (digit < 0) {
        return -1;
      }
      code = code * 16 + digit;
      step();
    }
    return code > Character.MAX_CODE_POINT ? -1 : (int) code;
  }

  private String number() {
    int start = at;
    if (text.charAt(at) == '0' && (peek(1) == 'x' || peek(1) == 'o')) {
      step();
      step();
    }
    boolean prefixed = at > start;
    while (at < text.length()) {
      char c = text.charAt(at);
      boolean exponentSign =
          !prefixed && (c == '+' || c == '-') && (text.charAt(at - 1) | 32) == 'e' && at > start;
      boolean dot = !prefixed && c == '.' && isDigit(peek(1)) && text.indexOf('.', start) >= at;
      if (Character.isLetterOrDigit(c) || c == '_' || dot || exponentSign) {
        step();
      } else {
        break;
      }
    }
    return text.substring(start, at);
  }

  private static Token.Kind kindOf(String number) {
    boolean hexadecimal = number.startsWith("0x");
    if (hexadecimal || number.startsWith("0o")) {
      return number.matches(hexadecimal ? "0x[0-9a-fA-F]+" : "0o[0-7]+")
          ? Token.Kind.INTEGER
          : Token.Kind.BAD_NUMBER;
    }
    if (number.matches("[0-9]+")) {
      return Token.Kind.INTEGER;
    }
    return number.matches("[0-9]*\\.[0-9]+([eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+")
        ? Token.Kind.FLOAT
        : Token.Kind.BAD_NUMBER;
  }

  private String parameter() {
    Span start = here();
    step();
    if (at < text.length() && text.charAt(at) == '`') {
      return quotedName();
    }
    int from = at;
    while (at < text.length()
        && (Character.isUnicodeIdentifierPart(text.codePointAt(at)) || text.charAt(at) == '_')) {
      step();
    }
    if (at == from) {
      throw error("`$` must be followed by the name of a parameter", start, "as in $name");
    }
    return text.substring(from, at);
  }

  private String symbol() {
    for (String symbol : DOUBLE_SYMBOLS) {
      if (text.startsWith(symbol, at)) {
        step();
        step();
        return symbol;
      }
    }
    char c = text.charAt(at);
    if ("()[]{},:;.+-*/%^=<>|&!".indexOf(c) < 0) {
      throw meaningless(text.codePointAt(at));
    }
    if (c == '!' && peek(1) == '=') {
      throw error("`!=` is no operator of Cypher", here(), "write <> for \"not equal\"");
    }
    step();
    return String.valueOf(c);
  }

  private SyntaxException meaningless(int code) {
    boolean dash = Character.getType(code) == Character.DASH_PUNCTUATION || code == '\u2212';
    boolean quote = code >= '\u2018' && code <= '\u201F';
    boolean surrogate = code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE;
    String shown = surrogate ? String.format("\\u%04X", code) : Character.toString(code);
    return new SyntaxException(
        code < 128 ? ErrorCode.INVALID_SYNTAX : ErrorCode.INVALID_UNICODE_CHARACTER,
        "`" + shown + "` means nothing in a statement",
        here(),
        dash ? "write the minus sign as -" : quote ? "write quotes as ' or \"" : null);
  }

  private void skipBlanks() {
    while (at < text.length()) {
      char c = text.charAt(at);
      if (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF') {
        step();
      } else if (c == '/' && peek(1) == '/') {
        while (at < text.length() && text.charAt(at) != '\n') {
          step();
        }
      } else if (c == '/' && peek(1) == '*') {
        Span open = here();
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw error("the comment that begins here has no end", open, "add */");
        }
        while (at < end + 2) {
          step();
        }
      } else {
        return;
      }
    }
  }

  private void step() {
    int code = text.codePointAt(at);
    at += Character.charCount(code);
    if (code == '\n') {
      line++;
      column = 1;
    } else {
      column++;
    }
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : ' ';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private Span here() {
    return new Span(line, column, 1, at);
  }

  private static SyntaxException error(String message, Span span, @Nullable String hint) {
    return new SyntaxException(ErrorCode.INVALID_SYNTAX, message, span, hint);
  }
}
