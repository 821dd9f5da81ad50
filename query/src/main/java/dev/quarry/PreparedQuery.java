package dev.quarry;

import dev.quarry.query.procedure.ProcedureDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Query;
import dev.quarry.query.syntax.StackTooSmall;
import dev.quarry.query.syntax.Statement;
import dev.quarry.query.syntax.StatementParser;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A statement that was parsed. Immutable; any thread may run it in any transaction.
public final class PreparedQuery {
  private final Statement statement;
  private final @Nullable Procedures procedures;
  private final @Nullable Set<Change> changes; // null where they have to be looked for again

  private PreparedQuery(Statement statement, @Nullable Procedures procedures) {
    this.statement = statement;
    this.procedures = procedures;
    this.changes = isDeep() || Change.dependOnProcedures(statement) ? null : find(null);
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

  /// Whether it would change the graph of a store that has some procedures, or its schema.
  boolean writes(@Nullable Procedures known) {
    return !changes(known).isEmpty();
  }

  /// What it would change in a store that has some procedures.
  Set<Change> changes(@Nullable Procedures known) {
    return changes == null ? find(known) : changes;
  }

  private Set<Change> find(@Nullable Procedures known) {
    Set<Change> found = EnumSet.noneOf(Change.class);
    Query query = statement.query();
    if (statement.mode() != Statement.Mode.RUN) {
      return found;
    }
    if (query == null) {
      found.add(Change.SCHEMA);
    } else if (isDeep()) {
      DeepStack.call(() -> Change.add(query, known, found), () -> {});
    } else {
      Change.add(query, known, found);
    }
    return found;
  }

  /// What a statement may change.
  enum Change {
    GRAPH,
    SCHEMA;

    /// Whether a statement calls procedures, of which only a store knows what they do.
    private static boolean dependOnProcedures(Statement statement) {
      return statement.query() != null && callsProcedures(statement.query());
    }

    private static boolean callsProcedures(Query query) {
      for (Query.SingleQuery part : query.parts()) {
        for (Clause clause : part.clauses()) {
          boolean calls =
              clause instanceof Clause.CallSubquery nested
                  ? callsProcedures(nested.query())
                  : clause instanceof Clause.CallProcedure;
          if (calls) {
            return true;
          }
        }
      }
      return false;
    }

    private static Set<Change> add(Query query, @Nullable Procedures known, Set<Change> changes) {
      query.parts().forEach(part -> part.clauses().forEach(one -> add(one, known, changes)));
      return changes;
    }

    private static void add(Clause clause, @Nullable Procedures known, Set<Change> changes) {
      switch (clause) {
        case Clause.CallSubquery c -> add(c.query(), known, changes);
        case Clause.CallProcedure c -> {
          ProcedureDefinition procedure = known == null ? null : known.procedure(c.name());
          if (procedure != null && procedure.writes()) {
            boolean ofSchema = procedure.mode() == ProcedureDefinition.Mode.SCHEMA;
            changes.add(ofSchema ? SCHEMA : GRAPH);
          }
        }
        default -> {
          if (clause.updates()) {
            changes.add(GRAPH);
          }
        }
      }
    }
  }

  /// Whether it needs a larger stack than that of its caller.
  boolean isDeep() {
    return statement.depth() > DeepStack.SHALLOW;
  }

  Statement statement() {
    return statement;
  }
}
