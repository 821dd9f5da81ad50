package dev.quarry.query.execute;

import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a nested plan is made.
///
/// @param arguments the slots that it takes where rows from outside come in
record NestedRecipe(Recipe recipe, List<int[]> arguments) {
  /// Adds the slots that it takes from outside.
  void addArguments(BitSet slots) {
    for (int[] argument : arguments) {
      for (int slot : argument) {
        slots.set(slot);
      }
    }
  }

  Nested make(Execution execution) {
    return make(execution, null);
  }

  /// @param first what the steps of an EXISTS stop at; null where all matches are wanted
  Nested make(Execution execution, @Nullable FirstMatches first) {
    Making making = new Making(execution, first);
    return new Nested(recipe.make(making), making.arguments());
  }
}
