package dev.quarry;

/// Makes and drops indexes and constraints for a procedure of mode SCHEMA, see
/// [ProcedureContext#schema()]. Used by the thread of the query, until the call ends.
///
/// ```java
/// db.register(
///     Procedure.of(
///         ProcedureSignature.parse("app.indexNames(label :: STRING) :: (made :: BOOLEAN)")
///             .withMode(ProcedureSignature.Mode.SCHEMA),
///         (context, arguments) -> {
///           String label = SchemaWriter.quoted((String) arguments.get(0));
///           String index = "CREATE INDEX IF NOT EXISTS FOR (n:" + label + ") ON (n.name)";
///           return Stream.of(List.of(context.schema().run(index)));
///         }));
/// ```
@FunctionalInterface
public interface SchemaWriter {
  /// Runs a statement that makes or drops an index or a constraint: `CREATE INDEX`, `CREATE
  /// CONSTRAINT`, `DROP INDEX`, `DROP CONSTRAINT`.
  ///
  /// @return whether it changed something; false where `IF NOT EXISTS` or `IF EXISTS` forbade it
  /// @throws IllegalArgumentException if the text is no such statement
  /// @throws dev.quarry.error.GraphException if it cannot be done, as if there is one of that name,
  ///   or the graph violates the constraint; the transaction is doomed then
  boolean run(String statement);

  /// A name as it is written in a statement, whatever it holds.
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
