package dev.quarry;

import dev.quarry.query.procedure.ProcedureDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Query;
import dev.quarry.query.syntax.StackTooSmall;
import dev.quarry.query.syntax.Statement;
import dev.quarry.query.syntax.StatementParser;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A statement that was parsed. Immutable; any thread may run it in any transaction.
public final class PreparedQuery {
  private final Statement statement;
  private final @Nullable Procedures procedures;

  private PreparedQuery(Statement statement, @Nullable Procedures procedures) {
    this.statement = statement;
    this.procedures = procedures;
  }

  /// Parses a statement that any store can run.
  ///
  /// @throws dev.quarry.error.SyntaxException if it is wrong
  public static PreparedQuery of(String cypher) {
    return new PreparedQuery(parse(cypher), null);
  }

  /// Parses a statement for the store that has some procedures.
  static PreparedQuery of(String cypher, Procedures procedures) {
    return new PreparedQuery(parse(cypher), procedures);
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
            statement.depth()),
        procedures);
  }

  /// The text of the statement.
  public String text() {
    return statement.text();
  }

  /// Whether it would change the graph or its schema; false for EXPLAIN. What a procedure does is
  /// known to its store only: here it counts if the statement comes from [Quarry#prepare(String)].
  public boolean writes() {
    return writes(procedures);
  }

  /// Whether it would change the graph of a store that has some procedures.
  boolean writes(@Nullable Procedures known) {
    Query query = statement.query();
    if (statement.mode() != Statement.Mode.RUN) {
      return false;
    }
    if (query == null) {
      return true;
    }
    return isDeep() ? DeepStack.call(() -> writes(query, known), () -> {}) : writes(query, known);
  }

  private static boolean writes(Query query, @Nullable Procedures known) {
    return query.parts().stream().anyMatch(part -> writes(part.clauses(), known));
  }

  private static boolean writes(List<Clause> clauses, @Nullable Procedures known) {
    for (Clause clause : clauses) {
      boolean changes =
          switch (clause) {
            case Clause.CallSubquery c -> writes(c.query(), known);
            case Clause.CallProcedure c -> {
              ProcedureDefinition procedure = known == null ? null : known.procedure(c.name());
              yield procedure != null && procedure.writes();
            }
            default -> clause.updates();
          };
      if (changes) {
        return true;
      }
    }
    return false;
  }

  /// Whether it would make or drop an index or a constraint.
  boolean changesSchema() {
    return statement.mode() == Statement.Mode.RUN && statement.schema() != null;
  }

  /// Whether it needs a larger stack than that of its caller.
  boolean isDeep() {
    return statement.depth() > DeepStack.SHALLOW;
  }

  Statement statement() {
    return statement;
  }
}
