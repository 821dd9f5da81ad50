package dev.quarry.bench.kernel;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// The kernels in C++ (`kernels.cpp` beside this), compiled here and running in a process of their
/// own, which has the graph in memory and does one kernel for each line that it is given.
public final class NativeRival implements AutoCloseable {
  /// What one run took, and a number that tells its answer.
  public record Run(long nanos, long checksum) {}

  private static final List<String> COMPILERS = List.of("c++", "g++", "clang++");

  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;

  private NativeRival(Process process) {
    this.process = process;
    this.in = new PrintStream(process.getOutputStream(), true, StandardCharsets.US_ASCII);
    this.out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
  }

  /// Compiles and starts it; empty if there is no compiler.
  public static Optional<NativeRival> start(HeapGraph graph, Path folder) throws Exception {
    Path source = folder.resolve("kernels.cpp");
    try (InputStream text = NativeRival.class.getResourceAsStream("kernels.cpp")) {
      Files.write(source, java.util.Objects.requireNonNull(text).readAllBytes());
    }
    Path program = folder.resolve("kernels");
    for (String compiler : COMPILERS) {
      if (compile(compiler, source, program)) {
        Path file = folder.resolve("graph.csr");
        write(graph, file);
        ProcessBuilder builder = new ProcessBuilder(program.toString(), file.toString());
        builder.redirectError(ProcessBuilder.Redirect.INHERIT);
        return Optional.of(new NativeRival(builder.start()));
      }
    }
    return Optional.empty();
  }

  private static boolean compile(String compiler, Path source, Path program) throws Exception {
    try {
      Process process =
          new ProcessBuilder(
                  compiler,
                  "-O3",
                  "-march=native",
                  "-std=c++17",
                  "-pthread",
                  "-o",
                  program.toString(),
                  source.toString())
              .inheritIO()
              .start();
      return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
    } catch (IOException e) {
      return false; // there is no such program
    }
  }

  private static void write(HeapGraph graph, Path file) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      write(channel, new int[] {graph.nodes(), (int) graph.relationships()});
      write(channel, graph.out().starts());
      write(channel, graph.out().targets());
      write(channel, graph.in().starts());
      write(channel, graph.in().targets());
    }
  }

  private static void write(FileChannel channel, int[] numbers) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(1 << 20).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < numbers.length; ) {
      buffer.clear();
      int some = Math.min(numbers.length - at, buffer.capacity() / 4);
      buffer.asIntBuffer().put(numbers, at, some);
      buffer.limit(some * 4);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      at += some;
    }
  }

  /// Runs a kernel once.
  public Run run(String kernel, int threads, long argument) {
    in.println(kernel + " " + threads + " " + argument);
    try {
      String line = out.readLine();
      if (line == null) {
        throw new IllegalStateException("the kernels in C++ ended");
      }
      String[] words = line.split(" ");
      return new Run(Long.parseLong(words[0]), Long.parseUnsignedLong(words[1]));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    in.close();
    process.destroy();
  }
}
