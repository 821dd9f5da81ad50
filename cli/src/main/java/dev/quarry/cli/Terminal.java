package dev.quarry.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/// Where output goes, and whether a person looks at it.
///
/// The launcher says in `quarry.tty` which of the descriptors 0, 1 and 2 are terminals, and in
/// `quarry.columns` how wide they are: asking the JDK would load its own line editor.
final class Terminal {
  private final PrintStream out;
  private final PrintStream err;
  private final String terminals;
  private final int columns;

  Terminal(PrintStream out, PrintStream err, String terminals, int columns) {
    this.out = out;
    this.err = err;
    this.terminals = terminals;
    this.columns = columns;
  }

  static Terminal system() {
    return new Terminal(
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getProperty("quarry.tty", ""),
        Integer.getInteger("quarry.columns", 80));
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  boolean isInputTerminal() {
    return terminals.contains("0");
  }

  boolean isOutputTerminal() {
    return terminals.contains("1");
  }

  boolean isErrorTerminal() {
    return terminals.contains("2");
  }

  /// Columns of the terminal, 0 if output does not go to one.
  int width() {
    return isOutputTerminal() ? columns : 0;
  }
}
