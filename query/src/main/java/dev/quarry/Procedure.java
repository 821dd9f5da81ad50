package dev.quarry;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A procedure of the application: takes values, gives rows. Statements call it with CALL once it
/// is registered with a store ([Quarry#register(Procedure)]).
///
/// ```java
/// db.register(
///     Procedure.of(
///         ProcedureSignature.parse("app.friends(of :: NODE) :: (friend :: NODE, since :: INTEGER?)"),
///         (context, arguments) -> {
///           GraphReader graph = context.graph();
///           PropertyKey since = graph.key("since");
///           RelationshipCursor knows =
///               graph.relationships((Node) arguments.get(0), Direction.OUTGOING, "KNOWS");
///           return Stream.iterate(knows, RelationshipCursor::next, same -> same)
///               .map(found -> Arrays.asList(graph.end(found.relationship()), found.get(since)))
///               .onClose(knows::close);
///         }));
/// db.run("MATCH (p:Person) CALL app.friends(p) YIELD friend RETURN p.name, friend.name");
/// ```
///
/// A procedure that takes long without giving rows asks [ProcedureContext#check()] now and then, so
/// that its query can be cancelled.
///
/// Threads: one procedure may be called by many queries at once, each call by one thread at a time.
public interface Procedure {
  /// What it is called, takes and gives. Asked once, when the procedure is registered.
  ProcedureSignature signature();

  /// Begins a call: once for each row that reaches the CALL.
  ///
  /// Rows are pulled from the stream one at a time, as the query needs them; it is closed when they
  /// are at their end, or when nobody needs more of them. Take care with `flatMap`, which keeps all
  /// rows of one element on the heap. What this method or the stream throws ends the query: errors
  /// of Quarry as they are, others as the cause of a
  /// [ProcedureException][dev.quarry.error.ProcedureException].
  ///
  /// @param context valid until the stream is closed
  /// @param arguments one for each input, of its type: border values, but nodes and relationships
  ///   are handles, of which [ProcedureContext#graph()] reads; paths are copies
  /// @return rows of one value for each output, of its type; `Arrays.asList` takes null, too. Empty
  ///   if the procedure gives nothing: then the rows of the statement pass through it
  Stream<? extends List<? extends @Nullable Object>> call(
      ProcedureContext context, List<? extends @Nullable Object> arguments) throws Exception;

  /// A procedure of two parts.
  static Procedure of(ProcedureSignature signature, Body body) {
    return new Procedure() {
      @Override
      public ProcedureSignature signature() {
        return signature;
      }

      @Override
      public Stream<? extends List<? extends @Nullable Object>> call(
          ProcedureContext context, List<? extends @Nullable Object> arguments) throws Exception {
        return body.call(context, arguments);
      }
    };
  }

  /// What a procedure does, see [Procedure#call].
  @FunctionalInterface
  interface Body {
    /// Begins a call.
    Stream<? extends List<? extends @Nullable Object>> call(
        ProcedureContext context, List<? extends @Nullable Object> arguments) throws Exception;
  }
}
