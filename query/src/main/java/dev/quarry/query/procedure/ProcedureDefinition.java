package dev.quarry.query.procedure;

import dev.quarry.graph.ValueType;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A procedure: takes values, gives rows. Immutable.
///
/// @param inputs its arguments, in order
/// @param outputs what each of its rows holds, in order; empty if it gives no rows
/// @param writes whether it may change the graph
public record ProcedureDefinition(
    String name,
    List<ValueType.Named> inputs,
    List<ValueType.Named> outputs,
    boolean writes,
    Body body) {
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
}
