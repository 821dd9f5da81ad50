package dev.quarry.query.procedure;

import dev.quarry.graph.ValueType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A procedure: takes values, gives rows. Immutable.
///
/// Where its last argument is [#OPTIONS], a call may leave it out, which gives it an empty map.
///
/// @param inputs its arguments, in order
/// @param outputs what each of its rows holds, in order; empty if it gives no rows
/// @param mode what it may change
public record ProcedureDefinition(
    String name,
    List<ValueType.Named> inputs,
    List<ValueType.Named> outputs,
    Mode mode,
    Body body) {
  /// A map of options, as the last argument.
  public static final ValueType.Named OPTIONS = new ValueType.Named("options", ValueType.of("MAP"));

  /// What a procedure may change.
  public enum Mode {
    /// Nothing.
    READ,
    /// The graph.
    WRITE,
    /// Indexes and constraints.
    SCHEMA
  }

  /// What runs.
  @FunctionalInterface
  public interface Body {
    /// Begins a call.
    ///
    /// @param arguments border values, nodes and relationships as handles
    /// @return its rows, which are pulled one at a time and closed
    Stream<? extends List<? extends @Nullable Object>> call(
        CallContext context, List<? extends @Nullable Object> arguments) throws Exception;
  }

  public ProcedureDefinition {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /// Whether a call may leave the last argument out.
  public boolean endsWithOptions() {
    return !inputs.isEmpty() && inputs.getLast().equals(OPTIONS);
  }

  /// Whether it may change something, so that it must wait for all rows before it (rule S1).
  public boolean writes() {
    return mode != Mode.READ;
  }
}
