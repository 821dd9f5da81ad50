package dev.quarry.cli;

import dev.quarry.cli.shell.Completion;
import dev.quarry.cli.shell.HistoryFile;
import dev.quarry.cli.shell.LineEditor;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where input comes from and output goes to, and whether a person is there.
///
/// The launcher says in `quarry.tty` which of the descriptors 0, 1 and 2 are terminals, and in
/// `quarry.columns` how wide they are: asking the JDK would load its own line editor.
final class Terminal {
  private final @Nullable InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final String terminals;
  private final int columns;
  private final @Nullable Path history;

  /// @param in null for the input of this process
  /// @param terminals which of the descriptors 0, 1 and 2 are terminals
  /// @param history the file for what a person enters; null to keep nothing
  Terminal(
      @Nullable InputStream in,
      PrintStream out,
      PrintStream err,
      String terminals,
      int columns,
      @Nullable Path history) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminals = terminals;
    this.columns = columns;
    this.history = history;
  }

  Terminal(PrintStream out, PrintStream err, String terminals, int columns) {
    this(null, out, err, terminals, columns, null);
  }

  static Terminal system() {
    return new Terminal(
        null,
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8),
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        System.getProperty("quarry.tty", ""),
        Integer.getInteger("quarry.columns", 80),
        HistoryFile.of(System.getenv(), System.getProperty("user.home", ".")));
  }

  InputStream in() {
    InputStream given = in;
    return given == null ? System.in : given;
  }

  /// An editor for lines that a person enters here.
  LineEditor editor(Completion completion) {
    InputStream given = in;
    return given == null
        ? LineEditor.onTerminal(history, completion)
        : LineEditor.onStreams(given, out, history, completion);
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
