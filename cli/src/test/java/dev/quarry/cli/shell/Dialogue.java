package dev.quarry.cli.shell;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A person at the shell, played by a test: types each piece when the text that it waits for has
/// appeared, and goes away when there is nothing more to type.
public final class Dialogue {
  private record Step(Pattern awaited, Runnable before, byte[] typed) {}

  /// After this a test gives up waiting, so that it fails rather than hangs.
  private static final long PATIENCE_MILLIS = 20_000;

  /// The prompt for a new statement. A dumb terminal draws the prompts of further lines with the
  /// accepted statement only.
  private static final Pattern PROMPT = Pattern.compile("quarry[^>\n]*> ");

  private final Deque<Step> steps = new ArrayDeque<>();
  private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
  private byte[] typing = {};
  private int typed;
  private int seen;
  private @Nullable String missed;

  /// Waits for a text to appear, then types.
  public Dialogue when(String awaited, String text) {
    return when(awaited, () -> {}, text);
  }

  /// Waits for a text to appear, does something, then types.
  public Dialogue when(String awaited, Runnable before, String text) {
    return add(Pattern.compile(Pattern.quote(awaited)), before, text);
  }

  /// Types statements and Enter, each at a prompt; they may span lines.
  public Dialogue lines(String... lines) {
    for (String line : lines) {
      add(PROMPT, () -> {}, line + "\n");
    }
    return this;
  }

  /// Types without Enter at a prompt.
  public Dialogue keys(String text) {
    return add(PROMPT, () -> {}, text);
  }

  private Dialogue add(Pattern awaited, Runnable before, String text) {
    steps.add(new Step(awaited, before, text.getBytes(StandardCharsets.UTF_8)));
    return this;
  }

  /// All that was shown, without carriage returns.
  public synchronized String shown() {
    return shown.toString(StandardCharsets.UTF_8).replace("\r", "");
  }

  /// The text that was waited for and did not come; null if all did.
  public synchronized @Nullable String missed() {
    return missed;
  }

  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int b) {
        write(new byte[] {(byte) b}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) {
        synchronized (Dialogue.this) {
          shown.write(bytes, offset, length);
          Dialogue.this.notifyAll();
        }
      }
    };
  }

  public InputStream in() {
    return new InputStream() {
      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        return type(bytes, offset, length);
      }
    };
  }

  private synchronized int type(byte[] bytes, int offset, int length) {
    while (typed == typing.length) {
      Step step = steps.poll();
      if (step == null || !await(step.awaited)) {
        return -1;
      }
      step.before.run();
      typing = step.typed;
      typed = 0;
    }
    int count = Math.min(length, typing.length - typed);
    System.arraycopy(typing, typed, bytes, offset, count);
    typed += count;
    return count;
  }

  private synchronized boolean await(Pattern awaited) {
    long deadline = System.currentTimeMillis() + PATIENCE_MILLIS;
    Matcher found = awaited.matcher(shown());
    while (!found.find(seen)) {
      long left = deadline - System.currentTimeMillis();
      if (left <= 0) {
        missed = awaited.pattern();
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        missed = awaited.pattern();
        return false;
      }
      found = awaited.matcher(shown());
    }
    seen = found.end();
    return true;
  }
}
