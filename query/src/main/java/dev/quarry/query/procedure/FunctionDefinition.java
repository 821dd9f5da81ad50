package dev.quarry.query.procedure;

import dev.quarry.graph.ValueType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A function: takes the values of one row to one value. Immutable.
///
/// @param inputs its arguments, in order
/// @param deterministic whether equal arguments always give equal values
public record FunctionDefinition(
    String name, List<ValueType.Named> inputs, ValueType output, boolean deterministic, Body body) {
  /// What runs.
  @FunctionalInterface
  public interface Body {
    /// The value for one row.
    ///
    /// @param arguments border values, owned
    @Nullable Object call(List<? extends @Nullable Object> arguments) throws Exception;
  }

  public FunctionDefinition {
    inputs = List.copyOf(inputs);
  }
}
