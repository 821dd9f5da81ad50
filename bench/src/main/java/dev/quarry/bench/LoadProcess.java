package dev.quarry.bench;

import dev.quarry.bench.generate.Kronecker;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `quarry load` within `--memory`: how much anonymous memory the process has at most, against its
/// budget, the Java heap, and what the same JVM has when it is idle.
final class LoadProcess {
  private static final long SAMPLE_MILLIS = 10;
  private static final long MIB = 1 << 20;
  private static final long HEAP = 256 * MIB; // -Xmx of the launcher
  private static final long ALLOWANCE = 32 * MIB;

  private LoadProcess() {}

  /// @param memory as `--memory` takes it; null for the default
  static List<String> command(Path home, Path store, Path file, @Nullable String memory) {
    List<String> command = new ArrayList<>();
    command.add(home.resolve("quarry").toString());
    command.addAll(List.of("load", store.toString(), "--edges", file.toString()));
    command.addAll(List.of("--type", "E", "--label", "V", "-q"));
    if (memory != null) {
      command.addAll(List.of("--memory", memory));
    }
    return command;
  }

  /// Seconds from start to exit.
  static double time(List<String> command) throws Exception {
    long start = System.nanoTime();
    Process process = start(command);
    await(process, command);
    return (System.nanoTime() - start) / 1e9;
  }

  private static Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static void await(Process process, List<String> command) throws Exception {
    int exit = process.waitFor();
    if (exit != 0) {
      throw new IllegalStateException(command + " ended with " + exit);
    }
  }

  static List<String> run(Path home, int scale, String memory) throws Exception {
    try (Folder folder = Folder.create()) {
      Path file = folder.resolve("kronecker.txt");
      Kronecker.write(scale, 1, file);
      List<String> load = command(home, folder.resolve("load.quarry"), file, memory);
      long idle = idle(home);
      long start = System.nanoTime();
      long peak = peak(start(load), load);
      double seconds = (System.nanoTime() - start) / 1e9;
      long bound = bytes(memory) + HEAP + idle + ALLOWANCE;
      return List.of(
          line(
              "load scale %d, %,d relationships, %,d bytes of text, --memory %s: %.1f s, %,.0f/s",
              scale,
              Kronecker.edges(scale),
              Files.size(file),
              memory,
              seconds,
              Kronecker.edges(scale) / seconds),
          line(
              "RssAnon at most %,d KiB; budget + Xmx + idle JVM (%,d KiB) + 32 MiB = %,d KiB: %s",
              peak >> 10, idle >> 10, bound >> 10, peak <= bound ? "kept" : "NOT KEPT"));
    }
  }

  private static String line(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private static long bytes(String size) {
    long unit =
        switch (Character.toLowerCase(size.charAt(size.length() - 1))) {
          case 'g' -> 1 << 30;
          case 'm' -> MIB;
          case 'k' -> 1 << 10;
          default -> throw new IllegalArgumentException("a size is as 512m or 1g, not " + size);
        };
    return Long.parseLong(size, 0, size.length() - 1, 10) * unit;
  }

  /// The most anonymous memory that a process had, until it ends.
  private static long peak(Process process, List<String> command) throws Exception {
    long peak = 0;
    while (process.isAlive()) {
      peak = Math.max(peak, anonymous(process));
      Thread.sleep(SAMPLE_MILLIS);
    }
    await(process, command);
    return peak;
  }

  /// What a JVM has that has answered `RETURN 1` and waits for the next statement.
  private static long idle(Path home) throws Exception {
    List<String> command = List.of(home.resolve("quarry").toString(), "query", "-");
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (OutputStream statements = process.getOutputStream()) {
      statements.write("RETURN 1;\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      statements.flush();
      if (process.getInputStream().read() < 0) {
        throw new IllegalStateException(command + " gave no answer");
      }
      Thread.sleep(500);
      return anonymous(process);
    } finally {
      process.getInputStream().transferTo(OutputStream.nullOutputStream());
      process.waitFor();
    }
  }

  /// Bytes of anonymous memory, 0 if the process has ended.
  private static long anonymous(Process process) {
    try {
      for (String line : Files.readAllLines(Path.of("/proc", "" + process.pid(), "status"))) {
        if (line.startsWith("RssAnon:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
        }
      }
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }
}
