package dev.quarry;

import dev.quarry.graph.ValueType;
import java.util.List;

/// What a procedure is called, takes and gives, and what it may change. Immutable.
///
/// @param name words with dots between them; found in any case, but shown as it is
/// @param mode what it may do to the graph
/// @param inputs its arguments, in order
/// @param outputs what each of its rows holds, in order; empty if it gives no rows
public record ProcedureSignature(
    String name, Mode mode, List<ValueType.Named> inputs, List<ValueType.Named> outputs) {
  /// What a procedure may do to the graph.
  public enum Mode {
    /// Reads at most. Its rows stream: it runs while the rest of the statement does.
    READ,
    /// Reads and writes. All rows before the CALL are there before it begins, and it has ended for
    /// all of them before the next clause begins. Runs only where a statement may write.
    WRITE,
    /// Reads, and makes and drops indexes and constraints. Like a statement that does so, its
    /// statement is alone in its transaction, and changes nothing else. Takes all rows like one of
    /// mode WRITE. Runs only where a statement may write.
    SCHEMA
  }

  /// @throws IllegalArgumentException if the name is none, or two inputs or outputs have one name
  public ProcedureSignature {
    SignatureText.requireName(name);
    inputs = SignatureText.distinct(inputs);
    outputs = SignatureText.distinct(outputs);
  }

  /// The signature that a text says, of mode READ: a name, arguments, and results, as in
  /// `app.friends(of :: NODE, depth :: INTEGER?) :: (friend :: NODE)`. Without results, `:: ()`. A
  /// last argument `options :: MAP` may be left out by calls, and is an empty map then.
  ///
  /// @throws IllegalArgumentException if it says none
  public static ProcedureSignature parse(String text) {
    SignatureText parser = new SignatureText(text);
    String name = parser.name();
    List<ValueType.Named> inputs = parser.list();
    parser.expect("::");
    List<ValueType.Named> outputs = parser.list();
    parser.expectEnd();
    return new ProcedureSignature(name, Mode.READ, inputs, outputs);
  }

  /// The same with another mode.
  public ProcedureSignature withMode(Mode newMode) {
    return new ProcedureSignature(name, newMode, inputs, outputs);
  }

  /// The text that [#parse(String)] takes; it does not say the mode.
  @Override
  public String toString() {
    return name + SignatureText.of(inputs) + " :: " + SignatureText.of(outputs);
  }
}
