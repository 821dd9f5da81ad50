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
      kind = isFloat(value) ? Token.Kind.FLOAT : Token.Kind.INTEGER;
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
          return name.toString();
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
        return value.toString();
      }
      if (c == '\\') {
        escape(value);
      } else {
        value.appendCodePoint(text.codePointAt(at));
        step();
      }
    }
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
    Span span = here();
    if (text.charAt(at) == '0' && (peek(1) == 'x' || peek(1) == 'o')) {
      step();
      step();
    }
    boolean hexadecimal = at > start && text.charAt(at - 1) == 'x';
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
    String number = text.substring(start, at);
    String form =
        hexadecimal
            ? "0x[0-9a-fA-F]+"
            : prefixed
                ? "0o[0-7]+"
                : "[0-9]+|[0-9]*\\.[0-9]+([eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+";
    if (!number.matches(form)) {
      throw new SyntaxException(
          isKey() ? ErrorCode.INVALID_SYNTAX : ErrorCode.INVALID_NUMBER_LITERAL,
          "`" + number + "` is no " + (isKey() ? "key" : "number"),
          new Span(span.line(), span.column(), number.length(), start),
          "a name must not begin with a digit, unless it is quoted with backticks");
    }
    return number;
  }

  /// Whether what was just read stands where a map has its keys.
  private boolean isKey() {
    Token last = tokens.isEmpty() ? null : tokens.getLast();
    return last != null && (last.is("{") || last.is(",")) && text.startsWith(":", at);
  }

  private static boolean isFloat(String number) {
    return !number.startsWith("0x")
        && (number.indexOf('.') >= 0 || number.indexOf('e') >= 0 || number.indexOf('E') >= 0);
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
      int code = text.codePointAt(at);
      String shown = new String(Character.toChars(code));
      throw new SyntaxException(
          code < 128 ? ErrorCode.INVALID_SYNTAX : ErrorCode.INVALID_UNICODE_CHARACTER,
          "`" + shown + "` means nothing in a statement",
          here(),
          Character.getType(code) == Character.DASH_PUNCTUATION ? "write `-`" : null);
    }
    if (c == '!' && peek(1) == '=') {
      throw error("`!=` is no operator of Cypher", here(), "write <> for \"not equal\"");
    }
    step();
    return String.valueOf(c);
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
