package dev.quarry;

import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Query;
import dev.quarry.query.syntax.StackTooSmall;
import dev.quarry.query.syntax.Statement;
import dev.quarry.query.syntax.StatementParser;
import java.util.List;

/// A statement that was parsed. Immutable; any thread may run it in any transaction.
public final class PreparedQuery {
  private final Statement statement;
  private final boolean writes;

  private PreparedQuery(Statement statement) {
    this.statement = statement;
    this.writes = isDeep() ? DeepStack.call(this::changes, () -> {}) : changes();
  }

  /// Parses a statement that any store can run.
  ///
  /// @throws dev.quarry.error.SyntaxException if it is wrong
  public static PreparedQuery of(String cypher) {
    return new PreparedQuery(parse(cypher));
  }

  private static Statement parse(String cypher) {
    try {
      return StatementParser.parse(cypher, DeepStack.SHALLOW);
    } catch (StackTooSmall e) {
      return DeepStack.call(() -> StatementParser.parse(cypher), () -> {});
    }
  }

  /// The same statement as if `EXPLAIN` stood ahead of it: to run it finds what is wrong with it,
  /// and changes nothing.
  public PreparedQuery explained() {
    return new PreparedQuery(
        new Statement(
            statement.span(),
            statement.text(),
            Statement.Mode.EXPLAIN,
            statement.query(),
            statement.schema(),
            statement.depth()));
  }

  /// The text of the statement.
  public String text() {
    return statement.text();
  }

  /// Whether it would change the graph; false for EXPLAIN.
  public boolean writes() {
    return writes;
  }

  private boolean changes() {
    Query query = statement.query();
    return statement.mode() == Statement.Mode.RUN && query != null && writes(query);
  }

  private static boolean writes(Query query) {
    return query.parts().stream().anyMatch(part -> writes(part.clauses()));
  }

  private static boolean writes(List<Clause> clauses) {
    for (Clause clause : clauses) {
      boolean changes =
          switch (clause) {
            case Clause.Create c -> true;
            case Clause.Merge c -> true;
            case Clause.Set c -> true;
            case Clause.Remove c -> true;
            case Clause.Delete c -> true;
            case Clause.ForEach c -> true;
            case Clause.CallSubquery c -> writes(c.query());
            default -> false;
          };
      if (changes) {
        return true;
      }
    }
    return false;
  }

  /// Whether it needs a larger stack than that of its caller.
  boolean isDeep() {
    return statement.depth() > DeepStack.SHALLOW;
  }

  Statement statement() {
    return statement;
  }
}
