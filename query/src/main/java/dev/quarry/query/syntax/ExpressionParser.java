package dev.quarry.query.syntax;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Expression.Comparison.Operator;
import dev.quarry.query.syntax.Expression.Junction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses expressions by precedence climbing: one method for all binary operators.
///
/// ```text
/// 1 OR   2 XOR   3 AND   4 NOT   5 = <> < <= > >=   6 STARTS WITH … IN, IS NULL, =~
/// 7 + -   8 * / %   9 ^   then signs, then .key [index] :Label
/// ```
final class ExpressionParser {
  private static final int NOT = 4;
  private static final int PREDICATE = 6;
  private static final int HIGHEST = 9;

  private final TokenStream tokens;
  private final StatementParser statements;

  ExpressionParser(TokenStream tokens, StatementParser statements) {
    this.tokens = tokens;
    this.statements = statements;
  }

  Expression expression() {
    return expression(1);
  }

  private Expression expression(int least) {
    tokens.enter();
    Token first = tokens.peek();
    Expression left = operand(first);
    int levels = 1;
    for (int level = level(); level >= least; level = level()) {
      tokens.enter(); // the tree grows to the left
      levels++;
      left = level == PREDICATE ? predicate(first, left) : chain(first, left, level);
    }
    tokens.leave(levels);
    return left;
  }

  /// The precedence of the operator that comes next, 0 if none does.
  private int level() {
    Token token = tokens.peek();
    if (token.kind() == Token.Kind.NAME) {
      return switch (token.text().toUpperCase(Locale.ROOT)) {
        case "OR" -> 1;
        case "XOR" -> 2;
        case "AND" -> 3;
        case "STARTS", "ENDS", "CONTAINS", "IN", "IS" -> PREDICATE;
        default -> 0;
      };
    }
    if (token.kind() != Token.Kind.SYMBOL) {
      return 0;
    }
    return switch (token.text()) {
      case "=", "<>", "<", "<=", ">", ">=" -> 5;
      case "=~" -> PREDICATE;
      case "+", "-", "||" -> 7;
      case "*", "/", "%" -> 8;
      case "^" -> HIGHEST;
      default -> 0;
    };
  }

  private Expression chain(Token first, Expression left, int level) {
    List<Expression> terms = new ArrayList<>();
    List<String> operators = new ArrayList<>();
    terms.add(left);
    while (level() == level) {
      operators.add(tokens.next().text());
      terms.add(expression(level + 1));
    }
    Span span = tokens.from(first);
    return switch (level) {
      case 1 -> new Junction(span, Junction.Kind.OR, terms);
      case 2 -> new Junction(span, Junction.Kind.XOR, terms);
      case 3 -> new Junction(span, Junction.Kind.AND, terms);
      case 5 ->
          new Expression.Comparison(
              span, terms, operators.stream().map(ExpressionParser::comparison).toList());
      default ->
          new Expression.Arithmetic(
              span,
              terms,
              operators.stream().map(o -> o.equals("||") ? '+' : o.charAt(0)).toList());
    };
  }

  private static Operator comparison(String text) {
    for (Operator operator : Operator.values()) {
      if (operator.text.equals(text)) {
        return operator;
      }
    }
    throw new AssertionError(text);
  }

  private Expression predicate(Token first, Expression left) {
    Token word = tokens.next();
    if (word.is("=~")) {
      return match(first, left, Expression.TextMatch.Kind.REGULAR_EXPRESSION);
    }
    switch (word.text().toUpperCase(Locale.ROOT)) {
      case "STARTS" -> {
        tokens.expectWord("WITH");
        return match(first, left, Expression.TextMatch.Kind.STARTS_WITH);
      }
      case "ENDS" -> {
        tokens.expectWord("WITH");
        return match(first, left, Expression.TextMatch.Kind.ENDS_WITH);
      }
      case "CONTAINS" -> {
        return match(first, left, Expression.TextMatch.Kind.CONTAINS);
      }
      case "IN" -> {
        Expression list = expression(PREDICATE + 1);
        return new Expression.In(tokens.from(first), left, list);
      }
      default -> {
        boolean negated = tokens.acceptWord("NOT");
        if (!tokens.acceptWord("NULL")) {
          throw tokens.unexpected("NULL or NOT NULL after IS", Set.of("NULL", "NOT"));
        }
        return new Expression.IsNull(tokens.from(first), left, negated);
      }
    }
  }

  private Expression match(Token first, Expression left, Expression.TextMatch.Kind kind) {
    Expression pattern = expression(PREDICATE + 1);
    return new Expression.TextMatch(tokens.from(first), kind, left, pattern);
  }

  /// An operand with its prefixes.
  private Expression operand(Token first) {
    if (tokens.acceptWord("NOT")) {
      Expression operand = expression(NOT);
      return new Expression.Not(tokens.from(first), operand);
    }
    if (tokens.accept("+")) {
      return signed(first, false);
    }
    if (tokens.accept("-")) {
      return signed(first, true);
    }
    return postfix(first, atom(first));
  }

  private Expression signed(Token first, boolean negative) {
    Token number = tokens.peek();
    if (negative && number.kind() == Token.Kind.INTEGER) {
      tokens.next();
      Expression literal =
          new Expression.Literal(tokens.from(first), integer(number, "-" + number.text()));
      return postfix(first, literal);
    }
    tokens.enter();
    Expression operand = operand(number);
    tokens.leave();
    return negative ? new Expression.Negation(tokens.from(first), operand) : operand;
  }

  private Expression postfix(Token first, Expression atom) {
    Expression value = atom;
    for (int levels = 0; ; levels++) {
      tokens.enter(); // the tree grows to the left
      if (tokens.accept(".")) {
        String key = tokens.name("the name of a property");
        value = new Expression.Property(tokens.from(first), value, key);
      } else if (tokens.isAt("[")) {
        value = subscript(first, value);
      } else if (tokens.isAt(":") && beginsLabels(tokens.peek(1))) {
        tokens.next();
        LabelExpression labels = statements.patterns().labels();
        value = new Expression.HasLabels(tokens.from(first), value, labels);
      } else if (tokens.isAt("{") && value instanceof Expression.Variable) {
        value = projection(first, value);
      } else {
        tokens.leave(levels + 1);
        return value;
      }
    }
  }

  private static boolean beginsLabels(Token token) {
    return token.isName() || token.is("!") || token.is("%") || token.is("(");
  }

  private Expression subscript(Token first, Expression of) {
    tokens.expect("[", "");
    @Nullable Expression from = tokens.isAt("..") ? null : expression();
    if (!tokens.accept("..")) {
      tokens.expect("]", "to end the index");
      return new Expression.Index(tokens.from(first), of, java.util.Objects.requireNonNull(from));
    }
    @Nullable Expression to = tokens.isAt("]") ? null : expression();
    tokens.expect("]", "to end the slice");
    return new Expression.Slice(tokens.from(first), of, from, to);
  }

  private Expression projection(Token first, Expression of) {
    tokens.expect("{", "");
    List<Expression.MapProjection.Item> items = new ArrayList<>();
    while (!tokens.isAt("}")) {
      if (!items.isEmpty()) {
        tokens.expect(",", "or `}` in the map projection");
      }
      if (tokens.accept(".")) {
        boolean all = tokens.accept("*");
        String key = all ? null : tokens.name("a key or `*`");
        items.add(new Expression.MapProjection.Item(key, null));
      } else {
        Token name = tokens.peek();
        String key = tokens.name("a key");
        Expression value =
            tokens.accept(":") ? expression() : new Expression.Variable(name.span(), key);
        items.add(new Expression.MapProjection.Item(key, value));
      }
    }
    tokens.expect("}", "");
    return new Expression.MapProjection(tokens.from(first), of, items);
  }

  private Expression atom(Token first) {
    switch (first.kind()) {
      case INTEGER -> {
        tokens.next();
        return new Expression.Literal(first.span(), integer(first, first.text()));
      }
      case FLOAT -> {
        tokens.next();
        return new Expression.Literal(first.span(), floating(first));
      }
      case BAD_NUMBER ->
          throw new SyntaxException(
              ErrorCode.INVALID_NUMBER_LITERAL,
              first.shown() + " is no number",
              first.span(),
              "a name must not begin with a digit, unless it is quoted with backticks");
      case STRING -> {
        tokens.next();
        return new Expression.Literal(first.span(), first.text());
      }
      case PARAMETER -> {
        tokens.next();
        return new Expression.Parameter(first.span(), first.text());
      }
      case SYMBOL -> {
        return bracketed(first);
      }
      case NAME, QUOTED_NAME -> {
        return named(first);
      }
      case END -> throw tokens.unexpected("an expression", Set.of());
    }
    throw new AssertionError(first);
  }

  private Expression bracketed(Token first) {
    if (first.is("(")) {
      if (statements.patterns().looksLikePattern()) {
        statements.count(first);
        PatternPart pattern = statements.patterns().chain(null);
        return new Expression.PatternPredicate(tokens.from(first), pattern);
      }
      tokens.next();
      Expression inner = expression();
      tokens.expect(")", "to close the parenthesis");
      return inner;
    }
    if (first.is("[")) {
      tokens.next();
      return list(first);
    }
    if (first.is("{")) {
      return map();
    }
    throw tokens.unexpected("an expression", Set.of());
  }

  private Expression list(Token first) {
    if (tokens.peek().isName() && tokens.peek(1).isWord("IN") && !Words.isReserved(tokens.peek())) {
      return comprehension(first);
    }
    boolean namedPath = tokens.peek().isName() && tokens.peek(1).is("=") && tokens.peek(2).is("(");
    if (namedPath || statements.patterns().looksLikePattern()) {
      return patternComprehension(first, namedPath);
    }
    List<Expression> elements = new ArrayList<>();
    while (!tokens.isAt("]")) {
      if (!elements.isEmpty()) {
        tokens.expect(",", "or `]` in the list");
      }
      elements.add(expression());
    }
    tokens.expect("]", "to end the list");
    return new Expression.ListLiteral(tokens.from(first), elements);
  }

  private Expression comprehension(Token first) {
    String variable = tokens.next().text();
    tokens.next();
    Expression list = expression();
    @Nullable Expression where = tokens.acceptWord("WHERE") ? expression() : null;
    @Nullable Expression projection = tokens.accept("|") ? expression() : null;
    if (where == null && projection == null && tokens.isAt(",")) {
      // a list literal whose first element is an IN
      return literalAfterIn(first, variable, list);
    }
    tokens.expect("]", "to end the list comprehension");
    return new Expression.ListComprehension(tokens.from(first), variable, list, where, projection);
  }

  private Expression literalAfterIn(Token first, String variable, Expression list) {
    List<Expression> elements = new ArrayList<>();
    elements.add(
        new Expression.In(
            tokens.from(first), new Expression.Variable(first.span(), variable), list));
    while (tokens.accept(",")) {
      elements.add(expression());
    }
    tokens.expect("]", "to end the list");
    return new Expression.ListLiteral(tokens.from(first), elements);
  }

  private Expression patternComprehension(Token first, boolean namedPath) {
    statements.count(first);
    String path = null;
    if (namedPath) {
      path = tokens.next().text();
      tokens.next();
    }
    PatternPart pattern = statements.patterns().chain(path);
    @Nullable Expression where = tokens.acceptWord("WHERE") ? expression() : null;
    tokens.expect("|", "and what to collect for each match");
    Expression projection = expression();
    tokens.expect("]", "to end the pattern comprehension");
    return new Expression.PatternComprehension(tokens.from(first), pattern, where, projection);
  }

  Expression map() {
    Token first = tokens.peek();
    tokens.expect("{", "to begin a map");
    List<String> keys = new ArrayList<>();
    List<Expression> values = new ArrayList<>();
    while (!tokens.isAt("}")) {
      if (!keys.isEmpty()) {
        tokens.expect(",", "or `}` in the map");
      }
      keys.add(tokens.name("a key"));
      tokens.expect(":", "between a key and its value");
      values.add(expression());
    }
    tokens.expect("}", "to end the map");
    return new Expression.MapLiteral(tokens.from(first), keys, values);
  }

  private Expression named(Token first) {
    if (first.kind() == Token.Kind.NAME) {
      Expression special = special(first);
      if (special != null) {
        return special;
      }
    }
    if (isCall()) {
      return call(first);
    }
    if (Words.isReserved(first)) {
      throw tokens.unexpected("an expression", Set.of());
    }
    tokens.next();
    return new Expression.Variable(first.span(), first.text());
  }

  private @Nullable Expression special(Token first) {
    String word = first.text().toUpperCase(Locale.ROOT);
    Token second = tokens.peek(1);
    switch (word) {
      case "TRUE", "FALSE" -> {
        tokens.next();
        return new Expression.Literal(first.span(), word.equals("TRUE"));
      }
      case "NULL" -> {
        tokens.next();
        return new Expression.Literal(first.span(), null);
      }
      case "CASE" -> {
        return caseExpression(first);
      }
      case "EXISTS", "COUNT", "COLLECT" -> {
        if (second.is("{")) {
          return subquery(first, Expression.Subquery.Kind.valueOf(word));
        }
        if (word.equals("COUNT") && second.is("(") && tokens.peek(2).is("*")) {
          tokens.next();
          tokens.next();
          tokens.next();
          tokens.expect(")", "after count(*");
          return new Expression.CountRows(tokens.from(first));
        }
        return null;
      }
      case "ALL", "ANY", "NONE", "SINGLE" -> {
        boolean quantifier =
            second.is("(") && tokens.peek(2).isName() && tokens.peek(3).isWord("IN");
        return quantifier ? quantifier(first, Expression.Quantifier.Kind.valueOf(word)) : null;
      }
      case "SHORTESTPATH", "ALLSHORTESTPATHS" -> {
        if (!second.is("(")) {
          return null;
        }
        statements.count(first);
        PatternPart pattern = statements.patterns().part();
        return new Expression.ShortestPath(tokens.from(first), pattern);
      }
      case "REDUCE" -> {
        return second.is("(") && tokens.peek(2).isName() && tokens.peek(3).is("=")
            ? reduce(first)
            : null;
      }
      default -> {
        return null;
      }
    }
  }

  private Expression caseExpression(Token first) {
    tokens.next();
    @Nullable Expression subject = tokens.isAtWord("WHEN") ? null : expression();
    List<Expression> conditions = new ArrayList<>();
    List<Expression> results = new ArrayList<>();
    while (tokens.acceptWord("WHEN")) {
      conditions.add(expression());
      tokens.expectWord("THEN");
      results.add(expression());
    }
    if (conditions.isEmpty()) {
      throw tokens.unexpected("WHEN", Set.of("WHEN"));
    }
    @Nullable Expression otherwise = tokens.acceptWord("ELSE") ? expression() : null;
    tokens.expectWord("END");
    return new Expression.Case(tokens.from(first), subject, conditions, results, otherwise);
  }

  private Expression subquery(Token first, Expression.Subquery.Kind kind) {
    tokens.next();
    tokens.next();
    Query query = statements.subquery();
    tokens.expect("}", "to end the subquery");
    return new Expression.Subquery(tokens.from(first), kind, query, tokens.textFrom(first));
  }

  private Expression quantifier(Token first, Expression.Quantifier.Kind kind) {
    tokens.next();
    tokens.next();
    String variable = tokens.next().text();
    tokens.next();
    Expression list = expression();
    Expression where =
        tokens.acceptWord("WHERE") ? expression() : new Expression.Literal(first.span(), true);
    tokens.expect(")", "to end the quantifier");
    return new Expression.Quantifier(tokens.from(first), kind, variable, list, where);
  }

  private Expression reduce(Token first) {
    tokens.next();
    tokens.next();
    String accumulator = tokens.next().text();
    tokens.next();
    Expression start = expression();
    tokens.expect(",", "after the start value of reduce");
    String variable = tokens.name("a variable");
    tokens.expectWord("IN");
    Expression list = expression();
    tokens.expect("|", "before the step of reduce");
    Expression step = expression();
    tokens.expect(")", "to end reduce");
    return new Expression.Reduce(tokens.from(first), accumulator, start, variable, list, step);
  }

  /// Whether a name, dotted perhaps, and a parenthesis come next.
  private boolean isCall() {
    int ahead = 1;
    while (tokens.peek(ahead).is(".") && tokens.peek(ahead + 1).isName()) {
      ahead += 2;
    }
    return tokens.peek(ahead).is("(");
  }

  private Expression call(Token first) {
    StringBuilder name = new StringBuilder(tokens.next().text());
    while (tokens.accept(".")) {
      name.append('.').append(tokens.next().text());
    }
    tokens.expect("(", "");
    boolean trims = name.toString().equalsIgnoreCase("trim");
    if (trims && isTrimSpecification()) {
      return trim(first);
    }
    boolean normalizes = name.toString().equalsIgnoreCase("normalize");
    boolean distinct = tokens.acceptWord("DISTINCT");
    List<Expression> arguments = new ArrayList<>();
    while (!tokens.isAt(")")) {
      if (!arguments.isEmpty()) {
        tokens.expect(",", "or `)` in the arguments of " + name);
      }
      arguments.add(normalizes && arguments.size() == 1 ? normalForm() : expression());
      if (trims && arguments.size() == 1 && tokens.acceptWord("FROM")) {
        arguments.addFirst(expression());
      }
    }
    tokens.expect(")", "");
    return new Expression.Call(tokens.from(first), name.toString(), distinct, arguments);
  }

  /// `NFD` and its like are words here; anything else is an expression.
  private Expression normalForm() {
    Token word = tokens.peek();
    boolean form = word.kind() == Token.Kind.NAME && word.text().matches("(?i)NFK?[CD]");
    return form && tokens.peek(1).is(")")
        ? new Expression.Literal(word.span(), tokens.next().text())
        : expression();
  }

  /// Whether LEADING, TRAILING or BOTH comes next, and not a variable of that name.
  private boolean isTrimSpecification() {
    Token next = tokens.peek(1);
    boolean goesOn =
        next.isName() || next.kind() == Token.Kind.STRING || next.kind() == Token.Kind.PARAMETER;
    return goesOn
        && (tokens.isAtWord("LEADING") || tokens.isAtWord("TRAILING") || tokens.isAtWord("BOTH"));
  }

  /// `trim(LEADING 'x' FROM text)`, as a call of the function that does it.
  private Expression trim(Token first) {
    String function =
        switch (tokens.next().text().toUpperCase(Locale.ROOT)) {
          case "LEADING" -> "lTrim";
          case "TRAILING" -> "rTrim";
          default -> "bTrim";
        };
    List<Expression> arguments = new ArrayList<>();
    if (!tokens.isAtWord("FROM")) {
      arguments.add(expression());
    }
    tokens.expectWord("FROM");
    arguments.addFirst(expression());
    tokens.expect(")", "");
    return new Expression.Call(tokens.from(first), function, false, arguments);
  }

  private static Long integer(Token token, String text) {
    try {
      boolean negative = text.startsWith("-");
      String digits = negative ? text.substring(1) : text;
      String sign = negative ? "-" : "";
      return digits.startsWith("0x")
          ? Long.valueOf(sign + digits.substring(2), 16)
          : digits.startsWith("0o")
              ? Long.valueOf(sign + digits.substring(2), 8)
              : Long.valueOf(text);
    } catch (NumberFormatException e) {
      throw new SyntaxException(
          ErrorCode.INTEGER_OVERFLOW,
          "the integer " + text + " does not fit into 64 bits",
          token.span(),
          "the range is "
              + Long.MIN_VALUE
              + " to "
              + Long.MAX_VALUE
              + "; write it as a float with a dot");
    }
  }

  private static Double floating(Token token) {
    double value = Double.parseDouble(token.text());
    if (Double.isInfinite(value)) {
      throw new SyntaxException(
          ErrorCode.FLOATING_POINT_OVERFLOW,
          "the float " + token.text() + " does not fit into 64 bits",
          token.span(),
          null);
    }
    return value;
  }
}
