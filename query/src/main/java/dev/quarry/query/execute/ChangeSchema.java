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
      execution.check();
      execution.writer().checkBy(execution::check);
      change(execution.writer(), execution.counters());
    }
    return null;
  }

  private void change(GraphTransaction writer, Counters counters) {
    switch (statement) {
      case SchemaStatement.CreateIndex s -> {
        if (writer.createIndex(s.name(), s.target(), s.ifNotExists())) {
          counters.addIndex(true);
        }
      }
      case SchemaStatement.CreateConstraint s -> {
        if (writer.createConstraint(s.name(), s.target(), s.kind(), s.types(), s.ifNotExists())) {
          counters.addConstraint(true);
        }
      }
      case SchemaStatement.DropIndex s -> {
        if (writer.dropIndex(s.name(), s.ifExists())) {
          counters.addIndex(false);
        }
      }
      case SchemaStatement.DropConstraint s -> {
        if (writer.dropConstraint(s.name(), s.ifExists())) {
          counters.addConstraint(false);
        }
      }
    }
  }
}
