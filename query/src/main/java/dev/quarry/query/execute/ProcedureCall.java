package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.ProcedureException;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.ValueType;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.evaluate.TypedArguments;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.procedure.CallContext;
import dev.quarry.query.procedure.CallFailure;
import dev.quarry.query.procedure.ProcedureDefinition;
import dev.quarry.query.procedure.TypedValues;
import dev.quarry.query.syntax.SchemaStatement;
import dev.quarry.query.syntax.StatementParser;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The calls of one CALL, one after the other: begins a call for a row, pulls its rows one at a
/// time, and ends it.
///
/// A call that is left early is ended when the next one begins, or when the query ends.
final class ProcedureCall implements CallContext {
  private final Execution execution;
  private final ProcedureDefinition procedure;
  private final TypedArguments arguments;
  private final int[] results;
  private final int[] slots;
  private final Span span;
  private @Nullable Stream<? extends List<? extends @Nullable Object>> stream;
  private @Nullable Iterator<? extends List<? extends @Nullable Object>> rows;
  private @Nullable GraphWriter writer;
  private long reserved;
  private boolean running;

  ProcedureCall(Operator operator, LogicalPlan.CallProcedure plan) {
    this.execution = operator.execution;
    this.procedure = plan.procedure();
    this.arguments =
        new TypedArguments(
            procedure.name(),
            procedure.inputs(),
            operator.compile(plan.arguments()),
            plan.arguments().stream().map(bound -> bound.expression().span()).toArray(Span[]::new),
            execution.reading(),
            true);
    this.results = plan.results().stream().mapToInt(Integer::intValue).toArray();
    this.slots = plan.slots().stream().mapToInt(Integer::intValue).toArray();
    this.span = plan.span();
    execution.endWith(this::abandon);
  }

  /// Whether its rows are made of values; else it runs, and rows pass through.
  boolean gives() {
    return !procedure.outputs().isEmpty();
  }

  /// Begins a call for a row. It may keep what it is given for longer than the query runs.
  void begin(Batch batch, int row) {
    abandon();
    execution.reading().handOut();
    List<? extends @Nullable Object> given = arguments.of(batch, row);
    running = true;
    try {
      stream = procedure.body().call(this, given);
      rows = stream.iterator();
    } catch (Throwable thrown) {
      throw failed(thrown);
    }
  }

  /// Writes what the next row of the call gives to a row; false, and the call has ended, if there
  /// is none.
  ///
  /// @param scratch where values with bytes go
  boolean next(Batch into, int to, Scratch scratch) {
    execution.check();
    List<? extends @Nullable Object> row = pull();
    if (row == null) {
      end();
      return false;
    }
    requireSize(row);
    for (int i = 0; i < slots.length; i++) {
      ValueType.Named output = procedure.outputs().get(results[i]);
      @Nullable Object value = row.get(results[i]);
      long cell = scratch.allocate(Cell.BYTES);
      if (!TypedValues.put(output.type(), value, cell, scratch, execution.reading())) {
        throw CallFailure.result(
            "procedure", procedure.name(), output.name(), output.type(), value, span);
      }
      into.putCell(slots[i], to, cell);
    }
    return true;
  }

  /// The next row; null at the end.
  private @Nullable List<? extends @Nullable Object> pull() {
    Iterator<? extends List<? extends @Nullable Object>> source = rows;
    try {
      return source != null && source.hasNext() ? Objects.requireNonNull(source.next()) : null;
    } catch (Throwable thrown) {
      throw failed(thrown);
    }
  }

  private void requireSize(List<?> row) {
    if (row.size() != procedure.outputs().size()) {
      throw new ProcedureException(
          ErrorCode.PROCEDURE_FAILED,
          "procedure `"
              + procedure.name()
              + "` gave a row of "
              + row.size()
              + " values, but its signature says "
              + procedure.outputs().size(),
          span,
          null,
          null);
    }
  }

  private RuntimeException failed(Throwable thrown) {
    abandon();
    if (thrown instanceof InternalError error && Memory.isMapFault(error)) {
      throw error; // told where the scope ends
    }
    return CallFailure.of("procedure", procedure.name(), thrown, span);
  }

  /// Ends a call whose rows are all there.
  private void end() {
    try {
      close();
    } catch (Throwable thrown) {
      throw CallFailure.of("procedure", procedure.name(), thrown, span);
    }
  }

  /// Ends a call that nobody waits for any more. What closing it throws is lost: the query has its
  /// rows, or an error that says more.
  void abandon() {
    try {
      close();
    } catch (Exception lost) {
      // see above
    }
  }

  private void close() {
    Stream<?> ended = stream;
    stream = null;
    rows = null;
    try {
      if (ended != null) {
        ended.close();
      }
    } finally {
      running = false;
      execution.account().release(reserved);
      reserved = 0;
    }
  }

  // What the procedure may use.

  @Override
  public Reading reading() {
    return execution.reading();
  }

  @Override
  public Budget account() {
    return execution.account();
  }

  @Override
  public NativeMemory memory() {
    return execution.memory();
  }

  @Override
  public int mostThreads() {
    return execution.helpers().most();
  }

  @Override
  public GraphWriter writer() {
    requireRunning();
    requireMode(ProcedureDefinition.Mode.WRITE, "write to the graph");
    GraphWriter known = writer;
    if (known == null) {
      known = new CountingWriter(execution.writer(), execution.counters());
      writer = known;
    }
    return known;
  }

  @Override
  public boolean changeSchema(String statement) {
    requireRunning();
    requireMode(ProcedureDefinition.Mode.SCHEMA, "change the schema");
    return ChangeSchema.run(schemaStatement(statement), execution);
  }

  private static SchemaStatement schemaStatement(String text) {
    try {
      SchemaStatement parsed = StatementParser.parse(text).schema();
      if (parsed != null) {
        return parsed;
      }
    } catch (SyntaxException e) {
      throw new IllegalArgumentException(e.getMessage() + " in `" + text + "`", e);
    }
    throw new IllegalArgumentException("`" + text + "` makes or drops no index or constraint");
  }

  private void requireMode(ProcedureDefinition.Mode mode, String what) {
    if (procedure.mode() != mode) {
      throw new IllegalStateException(
          "it is of mode %s and cannot %s; register it with mode %s"
              .formatted(procedure.mode(), what, mode));
    }
  }

  @Override
  public void check() {
    execution.check();
  }

  @Override
  public void reserve(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("cannot reserve " + bytes + " bytes");
    }
    requireRunning();
    execution.account().reserve(bytes);
    reserved += bytes;
  }

  @Override
  public void release(long bytes) {
    if (bytes < 0 || bytes > reserved) {
      throw new IllegalArgumentException(
          "cannot release " + bytes + " bytes; the call holds " + reserved);
    }
    execution.account().release(bytes);
    reserved -= bytes;
  }

  private void requireRunning() {
    if (!running) {
      throw new IllegalStateException("the call has ended; its context is of no use any more");
    }
  }
}
