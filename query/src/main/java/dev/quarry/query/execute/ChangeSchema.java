package dev.quarry.query.execute;

import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.query.syntax.SchemaStatement;
import dev.quarry.query.value.Batch;
import org.jspecify.annotations.Nullable;

/// Makes or drops an index or a constraint. Gives no rows.
final class ChangeSchema extends Operator {
  private final SchemaStatement statement;
  private boolean done;

  ChangeSchema(Execution execution, SchemaStatement statement) {
    super(execution);
    this.statement = statement;
  }

  @Override
  void open() {
    done = false;
  }

  @Override
  @Nullable Batch next() {
    if (!done) {
      done = true;
      run(statement, execution);
    }
    return null;
  }

  /// Makes or drops an index or a constraint, and counts it.
  ///
  /// @return whether something changed
  static boolean run(SchemaStatement statement, Execution execution) {
    execution.check();
    GraphTransaction writer = execution.writer();
    writer.checkBy(execution::check);
    boolean changed = change(statement, writer);
    if (changed) {
      count(statement, execution.counters());
    }
    return changed;
  }

  private static boolean change(SchemaStatement statement, GraphTransaction writer) {
    return switch (statement) {
      case SchemaStatement.CreateIndex s ->
          writer.createIndex(s.name(), s.target(), s.ifNotExists());
      case SchemaStatement.CreateConstraint s ->
          writer.createConstraint(s.name(), s.target(), s.kind(), s.types(), s.ifNotExists());
      case SchemaStatement.DropIndex s -> writer.dropIndex(s.name(), s.ifExists());
      case SchemaStatement.DropConstraint s -> writer.dropConstraint(s.name(), s.ifExists());
    };
  }

  private static void count(SchemaStatement statement, Counters counters) {
    switch (statement) {
      case SchemaStatement.CreateIndex s -> counters.addIndex(true);
      case SchemaStatement.CreateConstraint s -> counters.addConstraint(true);
      case SchemaStatement.DropIndex s -> counters.addIndex(false);
      case SchemaStatement.DropConstraint s -> counters.addConstraint(false);
    }
  }
}
