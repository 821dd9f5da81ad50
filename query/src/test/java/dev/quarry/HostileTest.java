package dev.quarry;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statements that are made to overflow something end with rows or a typed error, also where the
/// stack is small (rule S25).
class HostileTest {
  private static final List<String> FLAGS = List.of("-Xss256k", "-Xmx1g", "-ea");

  @TempDir Path folder;

  @Test
  void onAThreadWithASmallStack() throws Exception {
    ChildJvm.run(folder, FLAGS, HostileStatements.class, "490", "100000");
  }

  @Test
  void onAVirtualThread() throws Exception {
    ChildJvm.run(folder, FLAGS, HostileStatements.class, "virtual", "490", "5000");
  }
}
