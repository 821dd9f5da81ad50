package dev.quarry.query.execute;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What operators are made for: an execution, and the nested plan that they are part of, if any.
final class Making {
  private final Execution execution;
  private final @Nullable FirstMatches matches;
  private List<Sources.Argument> arguments = List.of(); // until there are some

  /// Begins with the plan of a statement.
  Making(Execution execution) {
    this(execution, null);
  }

  /// Begins with a nested plan.
  ///
  /// @param matches what the steps of an EXISTS stop at; null where all matches are wanted
  Making(Execution execution, @Nullable FirstMatches matches) {
    this.execution = execution;
    this.matches = matches;
  }

  Execution execution() {
    return execution;
  }

  /// What the steps of an EXISTS stop at.
  FirstMatches matches() {
    return Objects.requireNonNull(matches);
  }

  /// Notes where rows from outside come in.
  Sources.Argument add(Sources.Argument argument) {
    if (arguments.isEmpty()) {
      arguments = new ArrayList<>(1);
    }
    arguments.add(argument);
    return argument;
  }

  /// Where rows from outside come in, of all that was made.
  List<Sources.Argument> arguments() {
    return arguments;
  }
}
