package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import dev.quarry.query.syntax.Query.SingleQuery;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.SyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses a statement: its clauses, one behind the other.
public final class StatementParser {
  /// How many clauses a statement may have, those of subqueries and patterns in expressions
  /// included.
  static final int MOST_CLAUSES = 2_000;

  /// How many columns a WITH or RETURN may have.
  static final int MOST_COLUMNS = 1_000;

  private final TokenStream tokens;
  private final ExpressionParser expressions;
  private final PatternParser patterns;

  private int clauses;

  private StatementParser(String text, int mostDepth) {
    this.tokens = new TokenStream(text, mostDepth);
    this.expressions = new ExpressionParser(tokens, this);
    this.patterns = new PatternParser(tokens, this);
  }

  /// The tree of a statement; a `;` at its end is allowed.
  ///
  /// @throws dev.quarry.error.SyntaxException if it has none
  public static Statement parse(String text) {
    return parse(text, TokenStream.DEEPEST);
  }

  /// The same, on a stack that may be small.
  ///
  /// @throws StackTooSmall if it is nested more deeply than `mostDepth`, and would be parsed on a
  ///   larger stack
  public static Statement parse(String text, int mostDepth) {
    return new StatementParser(text, mostDepth).statement();
  }

  /// The tree of a literal, a list or map of literals, or anything else that needs no variable;
  /// null if the text is no expression.
  public static @Nullable Expression parseExpression(String text) {
    try {
      StatementParser parser = new StatementParser(text, TokenStream.DEEPEST);
      Expression expression = parser.expressions.expression();
      return parser.tokens.peek().kind() == Token.Kind.END ? expression : null;
    } catch (SyntaxException e) {
      return null;
    }
  }

  ExpressionParser expressions() {
    return expressions;
  }

  PatternParser patterns() {
    return patterns;
  }

  private Statement statement() {
    Token first = tokens.peek();
    Statement.Mode mode = Statement.Mode.RUN;
    if (tokens.acceptWord("EXPLAIN")) {
      mode = Statement.Mode.EXPLAIN;
    } else if (tokens.acceptWord("PROFILE")) {
      mode = Statement.Mode.PROFILE;
    }
    SchemaStatement schema = new SchemaParser(tokens).statement();
    Query query = schema != null ? null : tokens.isAtWord("SHOW") ? show() : query();
    while (tokens.accept(";")) {
      // an empty statement behind the last one
    }
    if (tokens.peek().kind() != Token.Kind.END) {
      throw schema != null
          ? tokens.unexpected("the end of the statement", Set.of())
          : tokens.unexpected("a clause or the end of the statement", Words.AFTER_VALUE);
    }
    int depth = tokens.deepest() + tokens.steps();
    return new Statement(tokens.from(first), tokens.text(), mode, query, schema, depth);
  }

  /// `SHOW INDEXES` and `SHOW CONSTRAINTS`, with YIELD, WHERE and RETURN if wanted: a call of a
  /// procedure.
  private Query show() {
    Token first = tokens.next();
    tokens.acceptWord("ALL");
    String procedure;
    if (tokens.acceptWord("INDEXES") || tokens.acceptWord("INDEX")) {
      procedure = "db.indexes";
    } else if (tokens.acceptWord("CONSTRAINTS") || tokens.acceptWord("CONSTRAINT")) {
      procedure = "db.constraints";
    } else {
      throw tokens.unexpected(
          "INDEXES or CONSTRAINTS after SHOW", Set.of("INDEXES", "CONSTRAINTS"));
    }
    List<Clause> clauses = new ArrayList<>();
    clauses.add(results(first, procedure, List.of(), true));
    if (tokens.isAtWord("RETURN")) {
      clauses.add(clause(false));
    }
    Span span = tokens.from(first);
    return new Query(span, List.of(new SingleQuery(span, clauses)), List.of());
  }

  Query query() {
    Token first = tokens.peek();
    List<SingleQuery> parts = new ArrayList<>();
    List<Boolean> all = new ArrayList<>();
    parts.add(single());
    while (tokens.acceptWord("UNION")) {
      all.add(tokens.acceptWord("ALL"));
      parts.add(single());
    }
    return new Query(tokens.from(first), parts, all);
  }

  /// A query in braces, where a pattern alone stands for MATCH.
  Query subquery() {
    tokens.enter();
    Query query;
    Token first = tokens.peek();
    if (first.is("(") || first.isName() && tokens.peek(1).is("=")) {
      count(first);
      List<PatternPart> pattern = patterns.pattern();
      @Nullable Expression where = tokens.acceptWord("WHERE") ? expressions.expression() : null;
      Span span = tokens.from(first);
      Clause match = new Clause.Match(span, false, pattern, where);
      query = new Query(span, List.of(new SingleQuery(span, List.of(match))), List.of());
    } else {
      query = query();
    }
    tokens.leave();
    return query;
  }

  private SingleQuery single() {
    Token first = tokens.peek();
    List<Clause> clauses = new ArrayList<>();
    while (true) {
      Token token = tokens.peek();
      if (token.kind() == Token.Kind.END
          || token.is(";")
          || token.is("}")
          || token.is(")")
          || token.isWord("UNION")) {
        break;
      }
      clauses.add(clause(clauses.isEmpty()));
    }
    if (clauses.isEmpty()) {
      throw tokens.unexpected("a clause", Words.CLAUSES);
    }
    return new SingleQuery(tokens.from(first), clauses);
  }

  private Clause clause(boolean first) {
    Token word = tokens.peek();
    count(word);
    if (word.kind() != Token.Kind.NAME) {
      throw tokens.unexpected("a clause such as MATCH or RETURN", Words.CLAUSES);
    }
    return switch (word.text().toUpperCase(Locale.ROOT)) {
      case "MATCH", "OPTIONAL" -> match(word);
      case "UNWIND" -> unwind(word);
      case "WITH" -> project(word, false);
      case "RETURN" -> project(word, true);
      case "CREATE" -> create(word);
      case "MERGE" -> merge(word);
      case "SET" -> set(word);
      case "REMOVE" -> remove(word);
      case "DELETE", "DETACH" -> delete(word);
      case "CALL" -> call(word);
      case "LOAD" -> loadCsv(word);
      case "FOREACH" -> forEach(word);
      default ->
          throw tokens.unexpected(
              first ? "a clause such as MATCH or RETURN" : "a clause or the end of the statement",
              first ? Words.CLAUSES : Words.AFTER_VALUE);
    };
  }

  /// Counts a clause, or a pattern in an expression, which is planned like one.
  void count(Token word) {
    tokens.step();
    if (++clauses > MOST_CLAUSES) {
      throw new SyntaxException(
          ErrorCode.STATEMENT_TOO_LARGE,
          "the statement has more than " + MOST_CLAUSES + " clauses and patterns",
          word.span(),
          "make one clause of many, as in UNWIND $rows AS row CREATE …, or several statements");
    }
  }

  private Clause match(Token first) {
    boolean optional = tokens.acceptWord("OPTIONAL");
    tokens.expectWord("MATCH");
    List<PatternPart> pattern = patterns.pattern();
    return new Clause.Match(tokens.from(first), optional, pattern, where());
  }

  private @Nullable Expression where() {
    return tokens.acceptWord("WHERE") ? expressions.expression() : null;
  }

  private Clause unwind(Token first) {
    tokens.next();
    Expression list = expressions.expression();
    tokens.expectWord("AS");
    return new Clause.Unwind(tokens.from(first), list, variable());
  }

  private String variable() {
    if (Words.isReserved(tokens.peek())) {
      throw tokens.unexpected("the name of a variable", Set.of());
    }
    return tokens.name("the name of a variable");
  }

  private Clause project(Token first, boolean last) {
    tokens.next();
    boolean distinct = tokens.acceptWord("DISTINCT");
    boolean star = tokens.accept("*");
    List<Clause.Item> items = new ArrayList<>();
    if (!star || tokens.accept(",")) {
      do {
        items.add(item());
        requireColumns(items);
      } while (tokens.accept(","));
    }
    List<Clause.Order> order = new ArrayList<>();
    if (tokens.isAtWord("ORDER")) {
      tokens.next();
      tokens.expectWord("BY");
      do {
        order.add(order());
      } while (tokens.accept(","));
    }
    @Nullable Expression skip =
        tokens.acceptWord("SKIP") || tokens.acceptWord("OFFSET") ? expressions.expression() : null;
    @Nullable Expression limit = tokens.acceptWord("LIMIT") ? expressions.expression() : null;
    @Nullable Expression where = last ? null : where();
    return new Clause.Project(
        tokens.from(first), last, distinct, star, items, order, skip, limit, where);
  }

  private static void requireColumns(List<Clause.Item> items) {
    if (items.size() > MOST_COLUMNS) {
      throw new SyntaxException(
          ErrorCode.STATEMENT_TOO_LARGE,
          "a clause has more than " + MOST_COLUMNS + " columns",
          items.getLast().span(),
          "return a list or a map");
    }
  }

  private Clause.Item item() {
    Token first = tokens.peek();
    Expression expression = expressions.expression();
    String text = tokens.textFrom(first);
    @Nullable String alias = tokens.acceptWord("AS") ? variable() : null;
    return new Clause.Item(tokens.from(first), expression, alias, text);
  }

  private Clause.Order order() {
    Expression expression = expressions.expression();
    boolean descending = tokens.acceptWord("DESC") || tokens.acceptWord("DESCENDING");
    if (!descending && !tokens.acceptWord("ASC")) {
      tokens.acceptWord("ASCENDING");
    }
    return new Clause.Order(expression, descending);
  }

  private Clause create(Token first) {
    tokens.next();
    List<PatternPart> pattern = patterns.pattern();
    return new Clause.Create(tokens.from(first), pattern);
  }

  private Clause merge(Token first) {
    tokens.next();
    PatternPart pattern = patterns.part();
    List<Clause.SetItem> onCreate = new ArrayList<>();
    List<Clause.SetItem> onMatch = new ArrayList<>();
    while (tokens.acceptWord("ON")) {
      boolean created = tokens.acceptWord("CREATE");
      if (!created && !tokens.acceptWord("MATCH")) {
        throw tokens.unexpected("CREATE or MATCH after ON", Set.of("CREATE", "MATCH"));
      }
      tokens.expectWord("SET");
      (created ? onCreate : onMatch).addAll(setItems());
    }
    return new Clause.Merge(tokens.from(first), pattern, onCreate, onMatch);
  }

  private Clause set(Token first) {
    tokens.next();
    List<Clause.SetItem> items = setItems();
    return new Clause.Set(tokens.from(first), items);
  }

  private List<Clause.SetItem> setItems() {
    List<Clause.SetItem> items = new ArrayList<>();
    do {
      Token first = tokens.peek();
      Expression target = target(first);
      List<String> labels = labelList();
      Expression value = null;
      boolean adds = false;
      if (labels.isEmpty()) {
        adds = tokens.accept("+=");
        if (!adds) {
          tokens.expect("=", "in SET");
        }
        value = expressions.expression();
      }
      items.add(new Clause.SetItem(tokens.from(first), target, labels, value, adds));
    } while (tokens.accept(","));
    return items;
  }

  private Clause remove(Token first) {
    tokens.next();
    List<Clause.SetItem> items = new ArrayList<>();
    do {
      Token begin = tokens.peek();
      Expression target = target(begin);
      List<String> labels = labelList();
      items.add(new Clause.SetItem(tokens.from(begin), target, labels, null, false));
    } while (tokens.accept(","));
    return new Clause.Remove(tokens.from(first), items);
  }

  /// `n`, `n.key`, `n.a.b` or `(expression).key`
  private Expression target(Token first) {
    Expression target;
    if (tokens.accept("(")) {
      target = expressions.expression();
      tokens.expect(")", "to close the parenthesis");
    } else {
      target = new Expression.Variable(first.span(), variable());
    }
    while (tokens.accept(".")) {
      String key = tokens.name("the name of a property");
      target = new Expression.Property(tokens.from(first), target, key);
    }
    return target;
  }

  private List<String> labelList() {
    List<String> labels = new ArrayList<>();
    while (tokens.accept(":")) {
      labels.add(tokens.name("a label"));
    }
    return labels;
  }

  private Clause delete(Token first) {
    boolean detach = tokens.acceptWord("DETACH");
    tokens.expectWord("DELETE");
    List<Expression> targets = new ArrayList<>();
    do {
      targets.add(expressions.expression());
    } while (tokens.accept(","));
    return new Clause.Delete(tokens.from(first), detach, targets);
  }

  private Clause call(Token first) {
    tokens.next();
    if (tokens.accept("{")) {
      Query query = subquery();
      tokens.expect("}", "to end the subquery");
      boolean inTransactions = tokens.isAtWords("IN", "TRANSACTIONS");
      if (inTransactions) {
        tokens.next();
        tokens.next();
      }
      return new Clause.CallSubquery(tokens.from(first), query, inTransactions);
    }
    StringBuilder name = new StringBuilder(tokens.name("the name of a procedure or `{`"));
    while (tokens.accept(".")) {
      name.append('.').append(tokens.name("the name of a procedure"));
    }
    List<Expression> arguments = null;
    if (tokens.accept("(")) {
      arguments = new ArrayList<>();
      while (!tokens.isAt(")")) {
        if (!arguments.isEmpty()) {
          tokens.expect(",", "or `)` in the arguments");
        }
        arguments.add(expressions.expression());
      }
      tokens.expect(")", "");
    }
    return results(first, name.toString(), arguments, false);
  }

  /// A call of a procedure, and which of its results are wanted.
  ///
  /// @param filters whether WHERE may stand without YIELD
  private Clause results(
      Token first, String name, @Nullable List<Expression> arguments, boolean filters) {
    List<String> yields = new ArrayList<>();
    List<String> aliases = new ArrayList<>();
    boolean yieldAll = false;
    boolean chooses = tokens.acceptWord("YIELD");
    if (chooses) {
      yieldAll = tokens.accept("*");
      if (!yieldAll && !tokens.accept("-")) {
        do {
          yields.add(tokens.name("a result of the procedure"));
          aliases.add(tokens.acceptWord("AS") ? variable() : yields.getLast());
        } while (tokens.accept(","));
      }
    }
    @Nullable Expression where = chooses || filters ? where() : null;
    return new Clause.CallProcedure(
        tokens.from(first), name, arguments, yieldAll, yields, aliases, where);
  }

  private Clause loadCsv(Token first) {
    tokens.next();
    tokens.expectWord("CSV");
    boolean headers = tokens.acceptWord("WITH");
    if (headers) {
      tokens.expectWord("HEADERS");
    }
    tokens.expectWord("FROM");
    Expression from = expressions.expression();
    tokens.expectWord("AS");
    String variable = variable();
    @Nullable Expression delimiter =
        tokens.acceptWord("FIELDTERMINATOR") ? expressions.expression() : null;
    return new Clause.LoadCsv(tokens.from(first), headers, from, variable, delimiter);
  }

  private Clause forEach(Token first) {
    tokens.next();
    tokens.expect("(", "after FOREACH");
    String variable = variable();
    tokens.expectWord("IN");
    Expression list = expressions.expression();
    tokens.expect("|", "before the updates of FOREACH");
    tokens.enter();
    SingleQuery body = single();
    tokens.leave();
    tokens.expect(")", "to end FOREACH");
    return new Clause.ForEach(tokens.from(first), variable, list, body.clauses());
  }
}
