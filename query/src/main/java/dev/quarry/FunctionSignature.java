package dev.quarry;

import dev.quarry.graph.ValueType;
import java.util.List;

/// What a function is called, takes and gives. Immutable.
///
/// @param name words with dots between them; found in any case, but shown as it is
/// @param inputs its arguments, in order
/// @param output the type of its value
/// @param deterministic whether equal arguments always give equal values. One that is not is asked
///   anew wherever it stands, once for each row
public record FunctionSignature(
    String name, List<ValueType.Named> inputs, ValueType output, boolean deterministic) {
  /// @throws IllegalArgumentException if the name is none, or two inputs have one name
  public FunctionSignature {
    SignatureText.requireName(name);
    inputs = SignatureText.distinct(inputs);
  }

  /// The signature that a text says, of a deterministic function: a name, arguments, and the type
  /// of the value, as in `app.initials(name :: STRING) :: STRING`.
  ///
  /// @throws IllegalArgumentException if it says none
  public static FunctionSignature parse(String text) {
    SignatureText parser = new SignatureText(text);
    String name = parser.name();
    List<ValueType.Named> inputs = parser.list();
    parser.expect("::");
    return new FunctionSignature(name, inputs, ValueType.of(parser.rest()), true);
  }

  /// The same, deterministic or not.
  public FunctionSignature withDeterministic(boolean newDeterministic) {
    return new FunctionSignature(name, inputs, output, newDeterministic);
  }

  /// The text that [#parse(String)] takes; it does not say whether the function is deterministic.
  @Override
  public String toString() {
    return name + SignatureText.of(inputs) + " :: " + output;
  }
}
