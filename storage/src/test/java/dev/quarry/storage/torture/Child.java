package dev.quarry.storage.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Another process of this program, that is told line by line what to do, and answers likewise.
///
/// It starts fast and small, since a suite starts hundreds. Its errors go to the same place as this
/// process's.
final class Child implements AutoCloseable {
  private static final String ERROR_FILE = "-XX:ErrorFile=";

  private final Process process;
  private final BufferedReader answers;
  private final PrintStream orders;

  private Child(Process process) {
    this.process = process;
    this.answers =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    this.orders = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
  }

  /// Starts a process.
  ///
  /// @param options of the JVM, besides those that make it start fast
  /// @param main what to run; its first order waits for it
  static Child start(List<String> options, Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path")));
    command.addAll(reports(ManagementFactory.getRuntimeMXBean().getInputArguments()));
    command.addAll(options);
    command.add(main.getName());
    command.addAll(List.of(arguments));
    try {
      return new Child(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    } catch (IOException e) {
      throw new Violation("no process could be started", e);
    }
  }

  /// What a JVM that was told where to report a crash tells one that it starts: to report beside.
  /// Else it would leave a file in the folder that it works in.
  ///
  /// @param arguments of this JVM
  static List<String> reports(List<String> arguments) {
    return arguments.stream()
        .filter(one -> one.startsWith(ERROR_FILE))
        .map(one -> Path.of(one.substring(ERROR_FILE.length())))
        .flatMap(
            file ->
                Stream.of(
                    ERROR_FILE + file.resolveSibling("child_%p_" + file.getFileName()),
                    "-XX:-CreateCoredumpOnCrash"))
        .toList();
  }

  /// Tells it what to do.
  void order(String line) {
    orders.println(line);
  }

  /// Its next answer; null once it has ended.
  @Nullable String answer() {
    try {
      return answers.readLine();
    } catch (IOException e) {
      throw new Violation("a child's answer cannot be read", e);
    }
  }

  /// Whether it has answered, and the answer was not taken yet.
  boolean hasAnswer() {
    try {
      return answers.ready();
    } catch (IOException e) {
      throw new Violation("a child's answer cannot be read", e);
    }
  }

  /// Ends it as a power cut would end its machine, but for what the system holds. What it has
  /// answered can still be read.
  void kill() {
    process.toHandle().destroyForcibly(); // not the process: that would close its output
  }

  /// Waits until it has ended, and returns its exit code.
  int await() {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Violation("interrupted", e);
    }
  }

  @Override
  public void close() {
    kill();
    await();
    orders.close();
    try {
      answers.close();
    } catch (IOException e) {
      throw new Violation("a child's answers cannot be closed", e);
    }
  }
}
