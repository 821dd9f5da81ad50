package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A JVM of this build with flags of its own, which runs a program of the tests.
final class ChildJvm {
  private ChildJvm() {}

  /// Runs a program to its end; whatever it prints is the message if it does not exit with 0.
  ///
  /// @param folder where its output is kept meanwhile
  static void run(Path folder, List<String> flags, Class<?> program, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(program.getName());
    command.addAll(List.of(arguments));
    Path said = folder.resolve("said.txt");
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    try {
      int exit = process.waitFor();
      String text = Files.readString(said, StandardCharsets.UTF_8);
      assertEquals(0, exit, () -> command + "\n" + text);
    } finally {
      process.destroyForcibly();
    }
  }
}
