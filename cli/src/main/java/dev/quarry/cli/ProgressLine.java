package dev.quarry.cli;

import dev.quarry.cli.render.JsonText;
import dev.quarry.graph.Progress;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Progress as one line that is written over, or as JSON objects; nothing in the first half second.
final class ProgressLine implements Progress, AutoCloseable {
  private static final long PATIENCE = 500_000_000;

  private final PrintStream err;
  private final boolean json;
  private final long start = System.nanoTime();
  private long stageStart = start;
  private int stage;
  private boolean shown;

  ProgressLine(PrintStream err, boolean json) {
    this.err = err;
    this.json = json;
  }

  /// Progress of a command: a line where a person looks at it, else nothing.
  static Progress of(Terminal terminal) {
    return terminal.isErrorTerminal() ? new ProgressLine(terminal.err(), false) : Progress.NONE;
  }

  /// Takes the line of a command away, if there is one.
  static void end(Progress progress) {
    if (progress instanceof ProgressLine line) {
      line.close();
    }
  }

  @Override
  public void at(Step step) {
    long now = System.nanoTime();
    if (step.number() != stage) {
      stage = step.number();
      stageStart = now;
    }
    if (json) {
      err.println(json(step));
    } else if (now - start > PATIENCE) {
      shown = true;
      err.print("\r\u001b[K" + line(step, (now - stageStart) / 1e9));
      err.flush();
    }
    if (step.stage().equals("commit")) {
      close();
    }
  }

  /// Takes the line away.
  @Override
  public void close() {
    if (shown) {
      err.print("\r\u001b[K");
      err.flush();
      shown = false;
    }
  }

  private static String line(Step step, double seconds) {
    StringBuilder line = new StringBuilder();
    line.append(step.number()).append('/').append(step.stages()).append(' ').append(step.stage());
    if (step.rows() > 0) {
      double rate = step.rows() / Math.max(seconds, 1e-3);
      line.append(String.format(Locale.ROOT, "  %,d rows, %,.0f/s", step.rows(), rate));
    }
    if (step.totalBytes() > 0 && step.bytes() > 0) {
      double left = seconds * (step.totalBytes() - step.bytes()) / step.bytes();
      line.append(
          String.format(
              Locale.ROOT, "  %d%%, %.0f s left", 100 * step.bytes() / step.totalBytes(), left));
    }
    return step.rejected() > 0 ? line + "  " + step.rejected() + " rejected" : line.toString();
  }

  private static String json(Step step) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("stage", step.stage());
    fields.put("number", (long) step.number());
    fields.put("stages", (long) step.stages());
    fields.put("rows", step.rows());
    fields.put("bytes", step.bytes());
    fields.put("totalBytes", step.totalBytes());
    fields.put("rejected", step.rejected());
    return JsonText.object(fields);
  }
}
