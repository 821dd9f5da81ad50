package dev.quarry.bench.allocator;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// What an allocator holds for what was asked for, after random resizes by one thread: each in a
/// process of its own, whose Java heap is resident from the start, so that what the process grows
/// by is the allocator's.
final class Fragmentation {
  private static final int BLOCKS = 1_000_000;

  private Fragmentation() {}

  /// Measures all that do resizes, and tells lines of Markdown.
  ///
  /// @param millions of resizes
  static void report(List<Contender> contenders, int millions, Consumer<String> out)
      throws IOException, InterruptedException {
    out.accept("");
    out.accept("memory after %d M resizes of %,d blocks, 1 thread%n".formatted(millions, BLOCKS));
    out.accept(
        "| allocator | asked for, MB | process grew by, MB | / asked for | allocator says, MB"
            + " | / asked for | slots / pages |");
    out.accept("|---|--:|--:|--:|--:|--:|--:|");
    for (Contender contender : contenders) {
      if (contender.does(Workload.resizes(BLOCKS))) {
        out.accept(ofProcess(contender.name(), millions));
      }
    }
  }

  private static String ofProcess(String name, int millions)
      throws IOException, InterruptedException {
    // its usual stack is too small for those who load a library with much thread-local memory
    System.setProperty("jdk.lang.processReaperUseDefaultStackSize", "true");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Fragmentation.class.getName(), name, Integer.toString(millions)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String line;
    try (InputStream in = process.getInputStream()) {
      line = new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
    int exit = process.waitFor();
    return line.isEmpty() ? "| %s | failed, exit code %d |".formatted(name, exit) : line;
  }

  /// The process of one contender: prints its line.
  ///
  /// @param words name of the contender, and millions of resizes
  public static void main(String[] words) throws InterruptedException {
    Contender contender =
        new Contenders()
            .all().stream().filter(c -> c.name().equals(words[0])).findFirst().orElseThrow();
    long resizes = Long.parseLong(words[1]) * 1_000_000;
    Thread thread = new FastThreadLocalThread(() -> System.out.println(line(contender, resizes)));
    thread.start();
    thread.join();
  }

  private static String line(Contender contender, long resizes) {
    warmUp(contender);
    long before = anonymousBytes();
    boolean glibc = contender.name().equals(Contenders.GLIBC);
    long glibcBefore = glibc ? ForeignFunctions.glibcHeldBytes() : 0;
    try (Blocks blocks = contender.open(BLOCKS)) {
      Loop loop = contender.loop(Workload.resizes(BLOCKS), blocks, BLOCKS, 1);
      loop.begin();
      for (long done = 0; done < resizes; ) {
        done += loop.operations();
      }
      long asked = loop.liveBytes();
      long grown = anonymousBytes() - before;
      long says = glibc ? ForeignFunctions.glibcHeldBytes() - glibcBefore : blocks.heldBytes();
      long rounded = blocks.roundedBytes();
      loop.end();
      return String.format(
          Locale.ROOT,
          "| %s | %.1f | %s | %s | %s |",
          contender.name(),
          asked / 1e6,
          against(grown, asked),
          says == Blocks.UNKNOWN ? "– | –" : against(says, asked),
          rounded == Blocks.UNKNOWN
              ? "–"
              : String.format(Locale.ROOT, "%.3f", (double) rounded / says));
    }
  }

  /// Lets the JVM compile what will run, with few blocks.
  private static void warmUp(Contender contender) {
    try (Blocks blocks = contender.open(1000)) {
      Loop loop = contender.loop(Workload.resizes(1000), blocks, 1000, 1);
      loop.begin();
      for (int i = 0; i < 500; i++) {
        loop.operations();
      }
      loop.end();
    }
  }

  private static String against(long held, long asked) {
    return String.format(Locale.ROOT, "%.1f | **%.2f**", held / 1e6, (double) held / asked);
  }

  /// Resident bytes of the process that no file stands behind.
  private static long anonymousBytes() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
        if (line.startsWith("RssAnon:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
        }
      }
      throw new IllegalStateException("/proc/self/status has no RssAnon");
    } catch (IOException e) {
      throw new IllegalStateException("/proc/self/status cannot be read", e);
    }
  }
}
