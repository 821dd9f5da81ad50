package dev.quarry.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// What sizes and times mean that people write.
class UnitsTest {
  @Test
  void aSizeWithoutAUnitIsBytes() {
    assertEquals(1000, Units.bytes("1000"));
    assertEquals(1024, Units.bytes("1k"));
    assertEquals(256L << 20, Units.bytes("256m"));
    assertEquals(2L << 30, Units.bytes("2GiB"));
    assertEquals(1L << 40, Units.bytes("1t"));
    assertThrows(IllegalArgumentException.class, () -> Units.bytes("1x"));
  }

  @Test
  void aTimeWithoutAUnitIsSeconds() {
    assertEquals(Duration.ofSeconds(5), Units.time("5"));
    assertEquals(Duration.ofSeconds(30), Units.time("30s"));
    assertEquals(Duration.ofMillis(500), Units.time("500ms"));
    assertEquals(Duration.ofMinutes(2), Units.time("2m"));
    assertEquals(Duration.ofHours(1), Units.time("1h"));
    assertThrows(IllegalArgumentException.class, () -> Units.time("1d"));
  }
}
