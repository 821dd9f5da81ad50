package dev.quarry.query.syntax;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The tokens of one statement, and where the parser stands in them.
final class TokenStream {
  /// How deep expressions, patterns and subqueries may be nested.
  static final int DEEPEST = 500;

  private final String text;
  private final List<Token> tokens;
  private final int most;
  private int at;
  private int depth;
  private int deepest;
  private int steps;

  /// @param most levels of nesting that the stack of this thread has room for
  TokenStream(String text, int most) {
    this.text = text;
    this.tokens = Lexer.tokens(text);
    this.most = most;
  }

  Token peek() {
    return tokens.get(at);
  }

  Token peek(int ahead) {
    return tokens.get(Math.min(at + ahead, tokens.size() - 1));
  }

  Token next() {
    Token token = tokens.get(at);
    if (at < tokens.size() - 1) {
      at++;
    }
    return token;
  }

  boolean isAt(String symbol) {
    return peek().is(symbol);
  }

  boolean isAtWord(String word) {
    return peek().isWord(word);
  }

  boolean isAtWords(String first, String second) {
    return peek().isWord(first) && peek(1).isWord(second);
  }

  boolean accept(String symbol) {
    boolean found = isAt(symbol);
    if (found) {
      next();
    }
    return found;
  }

  boolean acceptWord(String word) {
    boolean found = isAtWord(word);
    if (found) {
      next();
    }
    return found;
  }

  void expect(String symbol, String context) {
    if (!accept(symbol)) {
      throw unexpected("`" + symbol + "` " + context, Set.of());
    }
  }

  void expectWord(String word) {
    if (!acceptWord(word)) {
      throw unexpected(word, Set.of(word));
    }
  }

  /// A name of a label, type or key, where every word will do.
  String name(String what) {
    if (!peek().isName()) {
      throw unexpected(what, Set.of());
    }
    return next().text();
  }

  /// The span from a token to the one before the next.
  Span from(Token first) {
    Token last = tokens.get(Math.max(0, at - 1));
    if (last.offset() < first.offset()) {
      return first.span();
    }
    int length = text.codePointCount(first.offset(), last.end());
    return new Span(first.line(), first.column(), Math.max(1, length), first.offset());
  }

  /// The text from a token to the one before the next.
  String textFrom(Token first) {
    return text.substring(first.offset(), tokens.get(Math.max(0, at - 1)).end());
  }

  String text() {
    return text;
  }

  void enter() {
    deepest = Math.max(deepest, ++depth);
    if (depth > most && depth <= DEEPEST) {
      throw new StackTooSmall();
    }
    if (depth > DEEPEST) {
      throw new SyntaxException(
          ErrorCode.UNEXPECTED_SYNTAX_DEPTH,
          "the statement is nested more than " + DEEPEST + " levels deep here",
          peek().span(),
          "long chains of AND, OR or + are fine without parentheses");
    }
  }

  void leave() {
    depth--;
  }

  /// Leaves several levels.
  void leave(int levels) {
    depth -= levels;
  }

  /// Counts a step of the plan to come: a clause or a relationship.
  void step() {
    steps++;
  }

  /// How many steps were counted.
  int steps() {
    return steps;
  }

  /// The most levels that were entered at once.
  int deepest() {
    return deepest;
  }

  /// An error at the next token.
  ///
  /// @param known words that would do, for "did you mean"
  SyntaxException unexpected(String expected, Set<String> known) {
    Token token = peek();
    @Nullable String hint =
        token.kind() == Token.Kind.NAME ? Suggestion.of(token.text(), known) : null;
    return error("expected " + expected + ", found " + token.shown(), token.span(), hint);
  }

  SyntaxException error(String message, Span span, @Nullable String hint) {
    return new SyntaxException(ErrorCode.INVALID_SYNTAX, message, span, hint);
  }
}
