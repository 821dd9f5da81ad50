package dev.quarry;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statements that ask for far more memory than there is end with rows or a typed error, and leave
/// a store behind that answers, is sound and holds no more memory than before.
class MemoryBombTest {
  @TempDir Path folder;

  @Test
  void inAHeapOf256MegabytesAndABudgetOf64() throws Exception {
    ChildJvm.run(
        folder, List.of("-Xmx256m", "-XX:+ExitOnOutOfMemoryError", "-ea"), MemoryBombs.class);
  }
}
