package dev.quarry.storage.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Where another process reports that it crashed.
class ChildTest {
  /// Starts a child that crashes, and waits for it.
  static final class Parent {
    public static void main(String[] words) {
      try (Child child = Child.start(List.of(), Crashing.class)) {
        child.await();
      }
    }
  }

  /// Reads where no memory is.
  static final class Crashing {
    public static void main(String[] words) throws Exception {
      var field = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      field.setAccessible(true);
      Object unsafe = field.get(null);
      unsafe.getClass().getMethod("getLong", long.class).invoke(unsafe, 8L);
    }
  }

  @Test
  void aCrashIsReportedBesideTheReportOfTheProcessThatStartedIt(@TempDir Path folder)
      throws Exception {
    Path reports = Files.createDirectory(folder.resolve("reports"));
    Path work = Files.createDirectory(folder.resolve("work"));
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:ErrorFile=" + reports.resolve("hs_err.log"),
            "-cp",
            System.getProperty("java.class.path"),
            Parent.class.getName());
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertEquals(0, process.waitFor());
    assertEquals(List.of(), names(work));
    List<String> found = names(reports);
    assertEquals(1, found.size(), found.toString());
    assertEquals("child_*_hs_err.log", found.getFirst().replaceAll("\\d+", "*"));
  }

  @Test
  void aProcessThatWasToldNothingTellsNothing() {
    assertEquals(List.of(), Child.reports(List.of("-Xmx1g", "-Dx=-XX:ErrorFile=y")));
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(path -> path.getFileName().toString()).toList();
    }
  }
}
