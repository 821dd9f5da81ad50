package dev.quarry.bench.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// What `quarry torture` may be asked for: nothing that would try nothing and be content.
class TortureOptionsTest {
  private static String refused(String... words) {
    return String.valueOf(
        assertThrows(IllegalArgumentException.class, () -> TortureOptions.parse(words))
            .getMessage());
  }

  @Test
  void aWorkloadThatDoesNotExistIsRefused() {
    String message = refused("--workload", "graph-sparse,foo");
    assertTrue(message.startsWith("no workload foo; there are ["), message);
    assertTrue(message.contains("graph-sparse") && message.contains("lists"), message);
    assertEquals(
        List.of("small", "processes"),
        TortureOptions.parse(new String[] {"--workload", "small,processes"}).workloads());
  }

  @Test
  void limitsBelowOneAreRefused() {
    assertEquals("--seconds must be 1 or more, not -1", refused("--seconds", "-1"));
    assertEquals("--states must be 1 or more, not 0", refused("--states", "0"));
    assertEquals("--seconds needs a number, not x", refused("--seconds", "x"));
    assertEquals(-7, TortureOptions.parse(new String[] {"--seed", "-7"}).seed());
  }
}
