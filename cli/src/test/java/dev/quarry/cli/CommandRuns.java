package dev.quarry.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Tests that run commands, as from a terminal 80 wide without input, and read what the last one
/// printed.
abstract class CommandRuns {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  /// Runs a command.
  ///
  /// @return its exit code
  final int run(String... arguments) {
    return Main.run(terminal(), arguments);
  }

  /// A terminal on which nothing was printed yet.
  final Terminal terminal() {
    out.reset();
    err.reset();
    return new Terminal(
        new PrintStream(out, true, StandardCharsets.UTF_8),
        new PrintStream(err, true, StandardCharsets.UTF_8),
        "",
        80);
  }

  final String out() {
    return out.toString(StandardCharsets.UTF_8).replace("\r", "");
  }

  final String err() {
    return err.toString(StandardCharsets.UTF_8).replace("\r", "");
  }
}
