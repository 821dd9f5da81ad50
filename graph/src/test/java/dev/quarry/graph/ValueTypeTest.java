package dev.quarry.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Types of arguments and results, and their text.
class ValueTypeTest {
  @ParameterizedTest
  @EnumSource(ValueType.Kind.class)
  void everyKindComesBackFromItsText(ValueType.Kind kind) {
    ValueType type = ValueType.of(kind);
    assertEquals(type, ValueType.of(type.toString()));
    assertEquals(type.orNull(), ValueType.of(type.orNull().toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"LIST OF STRING", "LIST? OF LIST OF NODE?", "LIST?", "LOCALDATETIME?"})
  void aTypeIsWrittenAsItIsRead(String text) {
    assertEquals(text, ValueType.of(text).toString());
  }

  @Test
  void caseAndSpaceDoNotMatter() {
    assertEquals(
        ValueType.listOf(ValueType.of(ValueType.Kind.INTEGER).orNull()),
        ValueType.of("  list  of\tInteger? "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "INT", "STRING OF NODE", "LIST NODE", "LIST OF", "LIST OF NOTHING"})
  void whatIsNoTypeIsRefused(String text) {
    assertThrows(IllegalArgumentException.class, () -> ValueType.of(text));
  }
}
