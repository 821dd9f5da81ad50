package dev.quarry;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Statements that are made to overflow something end with rows or a typed error, also where the
/// stack is small (rule S25). Both JVMs run at once.
class HostileTest {
  private static final List<String> FLAGS = List.of("-Xss256k", "-Xmx1g", "-ea");

  @TempDir static Path folder;

  private static final ExecutorService threads = Executors.newFixedThreadPool(2);
  private static Future<?> platform;
  private static Future<?> virtual;

  @BeforeAll
  static void start() {
    platform = threads.submit(child("platform", "490", "100000"));
    virtual = threads.submit(child("virtual", "virtual", "490", "5000"));
  }

  private static Callable<Void> child(String name, String... words) {
    return () -> {
      Path own = Files.createDirectory(folder.resolve(name));
      ChildJvm.run(own, FLAGS, HostileStatements.class, words);
      return null;
    };
  }

  @AfterAll
  static void end() {
    threads.close();
  }

  @Test
  void onAThreadWithASmallStack() throws Exception {
    platform.get();
  }

  @Test
  void onAVirtualThread() throws Exception {
    virtual.get();
  }
}
