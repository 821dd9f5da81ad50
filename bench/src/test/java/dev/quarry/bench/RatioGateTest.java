package dev.quarry.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Performance is a benchmark and no test, but for this one (decision 034), whose limits are so
/// wide that a busy machine does not matter.
@Tag("alone")
class RatioGateTest {
  @TempDir private Path folder;

  @Test
  void nothingIsSeveralTimesSlowerAgainstArraysThanItWas() throws Exception {
    Path said = folder.resolve("said");
    Process gate =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx512m",
                    "-cp",
                    System.getProperty("java.class.path"),
                    RatioGate.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    boolean ended = gate.waitFor(5, TimeUnit.MINUTES);
    gate.destroyForcibly();
    String text = Files.readString(said);
    assertTrue(ended, text);
    assertEquals(0, gate.waitFor(), text);
  }
}
