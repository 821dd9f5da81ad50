package dev.quarry.query.syntax;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.PatternPart.Arrow;
import dev.quarry.query.syntax.PatternPart.Length;
import dev.quarry.query.syntax.PatternPart.NodePattern;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses patterns: nodes, relationships, paths and label expressions.
final class PatternParser {
  /// How many relationships the pattern of one clause may have.
  static final int MOST_RELATIONSHIPS = 500;

  private final TokenStream tokens;
  private final StatementParser statements;

  PatternParser(TokenStream tokens, StatementParser statements) {
    this.tokens = tokens;
    this.statements = statements;
  }

  List<PatternPart> pattern() {
    List<PatternPart> parts = new ArrayList<>();
    int relationships = 0;
    do {
      Token first = tokens.peek();
      parts.add(part());
      relationships += parts.getLast().relationships().size();
      requireAtMost(relationships, first);
    } while (tokens.accept(","));
    return parts;
  }

  private static void requireAtMost(int relationships, Token first) {
    if (relationships > MOST_RELATIONSHIPS) {
      throw new SyntaxException(
          ErrorCode.STATEMENT_TOO_LARGE,
          "the pattern has more than " + MOST_RELATIONSHIPS + " relationships",
          first.span(),
          "cut it into several clauses");
    }
  }

  PatternPart part() {
    String path = null;
    if (tokens.peek().isName() && tokens.peek(1).is("=")) {
      path = tokens.next().text();
      tokens.next();
    }
    Token first = tokens.peek();
    String shortest = shortest(first);
    if (shortest != null && tokens.peek(1).is("(")) {
      tokens.next();
      tokens.next();
      PatternPart inner = chain(path);
      tokens.expect(")", "to end " + shortest);
      return new PatternPart(
          tokens.from(first), path, shortest, inner.nodes(), inner.relationships());
    }
    return chain(path);
  }

  private static @Nullable String shortest(Token word) {
    return word.isWord("shortestPath")
        ? "shortestPath"
        : word.isWord("allShortestPaths") ? "allShortestPaths" : null;
  }

  /// `(a)-[r]->(b)<--(c)`
  PatternPart chain(@Nullable String path) {
    Token first = tokens.peek();
    List<NodePattern> nodes = new ArrayList<>();
    List<RelationshipPattern> relationships = new ArrayList<>();
    nodes.add(node());
    if (tokens.isAt("{") || tokens.isAt("+") || tokens.isAt("*")) {
      throw quantified();
    }
    while (tokens.isAt("-") || tokens.isAt("<")) {
      relationships.add(relationship());
      nodes.add(node());
      requireAtMost(relationships.size(), first);
    }
    return new PatternPart(tokens.from(first), path, null, nodes, relationships);
  }

  private SyntaxException quantified() {
    return new SyntaxException(
        ErrorCode.NOT_SUPPORTED,
        "quantified path patterns are not supported in this release",
        tokens.peek().span(),
        "write a variable length, as in -[:TYPE*1..3]->");
  }

  /// Whether a relationship pattern begins here: a node in parentheses, then an arrow.
  boolean looksLikePattern() {
    if (!tokens.isAt("(")) {
      return false;
    }
    int at = 1;
    if (tokens.peek(at).isName()) {
      at++;
    }
    Token after = tokens.peek(at);
    if (!after.is(")") && !after.is(":") && !after.is("{") && !after.isWord("WHERE")) {
      return false;
    }
    for (int depth = 1; depth > 0; at++) {
      Token token = tokens.peek(at);
      if (token.kind() == Token.Kind.END) {
        return false;
      }
      depth += token.is("(") || token.is("{") ? 1 : token.is(")") || token.is("}") ? -1 : 0;
    }
    if (tokens.peek(at).is("<")) {
      at++;
    }
    return tokens.peek(at).is("-") && (tokens.peek(at + 1).is("[") || tokens.peek(at + 1).is("-"));
  }

  private NodePattern node() {
    Token first = tokens.peek();
    if (!tokens.accept("(")) {
      throw tokens.unexpected("`(` to begin a node", Set.of());
    }
    if (tokens.isAt("(")) {
      throw quantified();
    }
    String variable = variable();
    @Nullable LabelExpression labels =
        tokens.accept(":") || tokens.acceptWord("IS") ? labels() : null;
    @Nullable Expression properties = properties();
    @Nullable Expression where =
        tokens.acceptWord("WHERE") ? statements.expressions().expression() : null;
    if (!tokens.accept(")")) {
      throw tokens.unexpected("`)` to end the node", Set.of("WHERE"));
    }
    return new NodePattern(tokens.from(first), variable, labels, properties, where);
  }

  private RelationshipPattern relationship() {
    tokens.step();
    Token first = tokens.peek();
    boolean left = tokens.accept("<");
    tokens.expect("-", "to begin a relationship");
    String variable = null;
    LabelExpression types = null;
    Expression properties = null;
    Expression where = null;
    Length length = null;
    if (tokens.accept("[")) {
      variable = variable();
      types = tokens.accept(":") || tokens.acceptWord("IS") ? labels() : null;
      length = tokens.accept("*") ? length() : null;
      requireLength(length);
      properties = properties();
      where = tokens.acceptWord("WHERE") ? statements.expressions().expression() : null;
      if (!tokens.accept("]")) {
        throw tokens.unexpected("`]` to end the relationship", Set.of("WHERE"));
      }
    }
    tokens.expect("-", "to end the relationship");
    boolean right = tokens.accept(">");
    if (tokens.isAt("{") || tokens.isAt("+") || tokens.isAt("*")) {
      throw quantified();
    }
    Arrow arrow = left == right ? Arrow.BOTH : left ? Arrow.LEFT : Arrow.RIGHT;
    return new RelationshipPattern(
        tokens.from(first), variable, types, properties, where, arrow, length);
  }

  /// Refuses bounds without an asterisk, and negative ones.
  private void requireLength(@Nullable Length length) {
    boolean bounds = tokens.isAt("..") || tokens.peek().kind() == Token.Kind.INTEGER;
    if (length == null && bounds || length != null && tokens.isAt("-")) {
      throw new SyntaxException(
          ErrorCode.INVALID_RELATIONSHIP_PATTERN,
          "a variable length is an asterisk and bounds that are not negative",
          tokens.peek().span(),
          "as in -[:TYPE*1..3]->");
    }
  }

  private Length length() {
    long least = 1;
    long most = -1;
    if (tokens.peek().kind() == Token.Kind.INTEGER) {
      least = bound();
      most = least;
    }
    if (tokens.accept("..")) {
      most = tokens.peek().kind() == Token.Kind.INTEGER ? bound() : -1;
    }
    return new Length(least, most);
  }

  private long bound() {
    Token token = tokens.next();
    try {
      return Long.decode(token.text());
    } catch (NumberFormatException e) {
      throw new SyntaxException(
          ErrorCode.INTEGER_OVERFLOW, "the length is too large", token.span(), null);
    }
  }

  private @Nullable String variable() {
    if (tokens.peek().isName() && !tokens.isAtWord("WHERE") && !tokens.isAtWord("IS")) {
      return tokens.next().text();
    }
    return null;
  }

  private @Nullable Expression properties() {
    if (tokens.isAt("{")) {
      return statements.expressions().map();
    }
    if (tokens.peek().kind() == Token.Kind.PARAMETER) {
      Token token = tokens.next();
      return new Expression.Parameter(token.span(), token.text());
    }
    return null;
  }

  /// `A|B&!C`, and the older `A:B` for both and `A|:B` for one of both.
  LabelExpression labels() {
    List<LabelExpression> terms = new ArrayList<>();
    do {
      tokens.accept(":");
      terms.add(conjunction());
    } while (tokens.accept("|"));
    return terms.size() == 1 ? terms.getFirst() : new LabelExpression.Or(terms);
  }

  private LabelExpression conjunction() {
    List<LabelExpression> terms = new ArrayList<>();
    do {
      terms.add(labelAtom());
    } while (tokens.accept("&")
        || tokens.isAt(":") && tokens.peek(1).isName() && tokens.accept(":"));
    return terms.size() == 1 ? terms.getFirst() : new LabelExpression.And(terms);
  }

  private LabelExpression labelAtom() {
    if (tokens.accept("!")) {
      tokens.enter();
      LabelExpression operand = labelAtom();
      tokens.leave();
      return new LabelExpression.Not(operand);
    }
    if (tokens.accept("%")) {
      return new LabelExpression.Any();
    }
    if (tokens.accept("(")) {
      tokens.enter();
      LabelExpression inner = labels();
      tokens.leave();
      tokens.expect(")", "to close the label expression");
      return inner;
    }
    return new LabelExpression.Name(tokens.name("a name after `:`"));
  }
}
