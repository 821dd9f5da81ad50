package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.ValueType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Signatures of procedures and functions, and their text.
class SignatureTest {
  @Test
  void aProcedureSaysWhatItTakesAndGives() {
    ProcedureSignature signature =
        ProcedureSignature.parse(" app.a_1.find(of::NODE , n :: LIST? OF INTEGER?) :: (x :: ANY?)");
    assertEquals("app.a_1.find", signature.name());
    assertEquals(ProcedureSignature.Mode.READ, signature.mode());
    assertEquals(
        List.of(
            new ValueType.Named("of", ValueType.of("NODE")),
            new ValueType.Named("n", ValueType.of("LIST? OF INTEGER?"))),
        signature.inputs());
    assertEquals(
        "app.a_1.find(of :: NODE, n :: LIST? OF INTEGER?) :: (x :: ANY?)", signature.toString());
    assertEquals(signature, ProcedureSignature.parse(signature.toString()));
    assertEquals(
        ProcedureSignature.Mode.WRITE, signature.withMode(ProcedureSignature.Mode.WRITE).mode());
  }

  @Test
  void aFunctionSaysWhatItTakesAndGives() {
    FunctionSignature signature = FunctionSignature.parse("app.f() :: LIST OF STRING");
    assertEquals("app.f() :: LIST OF STRING", signature.toString());
    assertTrue(signature.deterministic());
    assertEquals(signature, FunctionSignature.parse(signature.toString()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "p",
        "p()",
        "p() ::",
        "p() :: STRING",
        "p() :: () more",
        "() :: ()",
        "a..b() :: ()",
        "a b() :: ()",
        "p(x) :: ()",
        "p(x :: INT) :: ()",
        "p(x :: STRING,) :: ()",
        "p(x :: STRING, x :: STRING) :: ()",
        "p(x y :: STRING) :: ()",
        "p() :: (x :: STRING",
      })
  void whatIsNoSignatureIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ProcedureSignature.parse(text));
  }
}
