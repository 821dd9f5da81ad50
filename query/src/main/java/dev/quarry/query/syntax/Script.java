package dev.quarry.query.syntax;

import java.util.ArrayList;
import java.util.List;

/// Cuts a script into statements at each `;` that lies outside of strings, quoted names and
/// comments. Text may come in pieces, as a person or a pipe gives it. Used by one thread.
public final class Script {
  private final StringBuilder pending = new StringBuilder();
  private int scanned;
  private char inside;

  /// Adds text.
  ///
  /// @return the statements that it completes, without their `;`; empty ones are left out
  public List<String> add(CharSequence text) {
    pending.append(text);
    List<String> complete = new ArrayList<>();
    int start = 0;
    while (scanned < pending.length()) {
      if (!hasTwo() && ambiguous(pending.charAt(scanned))) {
        break;
      }
      char c = pending.charAt(scanned);
      if (inside == 0 && c == ';') {
        keep(complete, pending.substring(start, scanned));
        start = scanned + 1;
      }
      scanned += step(c);
    }
    pending.delete(0, start);
    scanned -= start;
    return complete;
  }

  /// What is left at the end of the text; empty if that is no statement.
  public String rest() {
    List<String> last = new ArrayList<>();
    keep(last, pending.toString());
    pending.setLength(0);
    scanned = 0;
    inside = 0;
    return last.isEmpty() ? "" : last.getFirst();
  }

  /// Whether a statement has begun and not ended.
  public boolean isPending() {
    return hasContent(pending);
  }

  private boolean hasTwo() {
    return scanned + 1 < pending.length();
  }

  private boolean ambiguous(char c) {
    return inside == 0 && c == '/'
        || inside == '*' && c == '*'
        || (inside == '\'' || inside == '"') && c == '\\';
  }

  /// How many characters to go on, after `inside` was set.
  private int step(char c) {
    char next = hasTwo() ? pending.charAt(scanned + 1) : 0;
    if (inside == 0) {
      if (c == '/' && (next == '/' || next == '*')) {
        inside = next;
        return 2;
      }
      if (c == '\'' || c == '"' || c == '`') {
        inside = c;
      }
    } else if (inside == '/') {
      inside = c == '\n' ? 0 : inside;
    } else if (inside == '*') {
      if (c == '*' && next == '/') {
        inside = 0;
        return 2;
      }
    } else if (c == '\\' && inside != '`') {
      return 2;
    } else if (c == inside) {
      inside = 0;
    }
    return 1;
  }

  private static void keep(List<String> statements, String text) {
    if (hasContent(text)) {
      statements.add(text.strip());
    }
  }

  /// Whether there is anything but white space and comments.
  private static boolean hasContent(CharSequence text) {
    String plain =
        text.toString().replaceAll("(?s)/\\*.*?(\\*/|$)", " ").replaceAll("//[^\\n]*", " ");
    return !plain.isBlank();
  }
}
