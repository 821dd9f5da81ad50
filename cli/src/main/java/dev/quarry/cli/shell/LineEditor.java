package dev.quarry.cli.shell;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jline.reader.EndOfFileException;
import org.jline.reader.History;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.impl.ExternalTerminal;
import org.jspecify.annotations.Nullable;

/// Statements and commands from a person, with editing over lines, history and completion.
public final class LineEditor implements AutoCloseable {
  /// Stands for an entry that was given up with Ctrl-C.
  public static final String INTERRUPTED = "\u0003";

  private static final int HISTORY_ENTRIES = 2_000;

  private final Terminal terminal;
  private final LineReader reader;

  LineEditor(Terminal terminal, @Nullable Path history, Completion completion) {
    this.terminal = terminal;
    LineReaderBuilder builder =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .parser(new StatementLines())
            .completer(completion)
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .option(LineReader.Option.HISTORY_IGNORE_SPACE, true)
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            .variable(LineReader.HISTORY_SIZE, HISTORY_ENTRIES)
            .variable(LineReader.HISTORY_FILE_SIZE, HISTORY_ENTRIES)
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "   ...> ");
    if (history != null && HistoryFile.prepare(history)) {
      builder.variable(LineReader.HISTORY_FILE, history);
    }
    this.reader = builder.build();
  }

  /// An editor on the terminal of this process.
  ///
  /// @param history the file that keeps what was entered; null to keep nothing
  public static LineEditor onTerminal(@Nullable Path history, Completion completion) {
    try {
      Terminal terminal = TerminalBuilder.builder().system(true).dumb(true).build();
      return new LineEditor(terminal, history, completion);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// An editor on streams, without movement of the cursor; `in` may hold control characters. `out`
  /// stays open when the editor is closed.
  public static LineEditor onStreams(
      InputStream in, OutputStream out, @Nullable Path history, Completion completion) {
    try {
      Terminal terminal =
          new ExternalTerminal(
              "streams", Terminal.TYPE_DUMB, in, new Borrowed(out), StandardCharsets.UTF_8);
      return new LineEditor(terminal, history, completion);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next statements or command; null at the end.
  ///
  /// @param cancel is called when Ctrl-C is pressed while a statement runs
  public @Nullable String read(String prompt, Runnable cancel) {
    terminal.handle(Terminal.Signal.INT, signal -> cancel.run());
    try {
      return reader.readLine(prompt);
    } catch (UserInterruptException e) {
      return INTERRUPTED;
    } catch (EndOfFileException e) {
      return null;
    }
  }

  /// What was entered, the newest last.
  public List<String> history() {
    List<String> entries = new ArrayList<>();
    for (History.Entry entry : reader.getHistory()) {
      entries.add(entry.line());
    }
    return entries;
  }

  @Override
  public void close() {
    try (Terminal closing = terminal) {
      closing.handle(Terminal.Signal.INT, Terminal.SignalHandler.SIG_DFL);
      reader.getHistory().save();
    } catch (IOException historyIsLost) {
      // what was entered in this session is not kept; that is no reason to end with an error
    }
  }

  /// A stream that somebody else closes.
  private static final class Borrowed extends FilterOutputStream {
    Borrowed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
