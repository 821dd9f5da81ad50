package dev.quarry.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `quarry query "RETURN 1"` against a program that prints one line, on the same JDK and collector.
final class StartBenchmark {
  private StartBenchmark() {}

  static String run(Path home, int rounds) throws Exception {
    try (Folder folder = Folder.create()) {
      Path source = folder.resolve("Hello.java");
      Files.writeString(
          source,
          "public class Hello { public static void main(String[] a) {"
              + " System.out.println(\"hello\"); } }");
      Path bin = Path.of(System.getProperty("java.home"), "bin");
      String target = folder.path().toString();
      LoadProcess.time(List.of(bin.resolve("javac").toString(), "-d", target, source.toString()));
      List<String> hello =
          List.of(bin.resolve("java").toString(), "-XX:+UseSerialGC", "-cp", target, "Hello");
      List<String> query = List.of(home.resolve("quarry").toString(), "query", "RETURN 1");
      return Interleaved.compare(
          "`quarry query \"RETURN 1\"` / hello world (µs)",
          () -> LoadProcess.time(query) * 1e9,
          () -> LoadProcess.time(hello) * 1e9,
          rounds);
    }
  }
}
