package dev.quarry.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/// Lines from a person, with JLine's editing and history.
final class LineInput implements AutoCloseable {
  /// Stands for a line that was given up with Ctrl-C.
  static final String INTERRUPTED = "\u0003";

  private final Terminal terminal;
  private final LineReader reader;

  LineInput() {
    try {
      this.terminal = TerminalBuilder.builder().system(true).dumb(true).build();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .build();
  }

  /// The next line; null at the end.
  ///
  /// @param cancel is called when Ctrl-C is pressed while a statement runs
  @Nullable String read(String prompt, Runnable cancel) {
    terminal.handle(Terminal.Signal.INT, signal -> cancel.run());
    try {
      return reader.readLine(prompt);
    } catch (UserInterruptException e) {
      return INTERRUPTED;
    } catch (EndOfFileException e) {
      return null;
    }
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
