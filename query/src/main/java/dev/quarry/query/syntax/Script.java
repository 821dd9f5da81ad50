package dev.quarry.query.syntax;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Cuts a script into its parts. Text may come in pieces, as a person or a pipe gives it.
///
/// A *statement* goes on to the `;` that lies outside of strings, quoted names and comments. A
/// *command* begins with `:` or `.` where a statement could begin, and ends with its line. `BEGIN`,
/// `COMMIT` and `ROLLBACK` are parts of their own where they stand alone on a line, or before a
/// `;`. Used by one thread.
public final class Script {
  /// A statement or a command, and where it stands.
  ///
  /// @param text without the `;` at its end, and without blanks and comments ahead of it
  /// @param line 1-based line of its first character
  /// @param column 1-based column of its first character, counted in code points
  public record Part(String text, int line, int column) {
    /// Whether this is a command rather than a statement.
    public boolean isCommand() {
      return isCommand(text.charAt(0)) || transactionWord() != null;
    }

    /// `BEGIN`, `COMMIT` or `ROLLBACK` if the part is just that word, with or without a `:`.
    public @Nullable String transactionWord() {
      return Script.transactionWord(text);
    }

    static boolean isCommand(char first) {
      return first == ':' || first == '.';
    }
  }

  private static final Pattern TRANSACTION =
      Pattern.compile(
          "[:.]?\\s*(begin|commit|rollback)(\\s+transaction)?\\s*(//.*)?",
          Pattern.CASE_INSENSITIVE);

  private static final int LONGEST_TRANSACTION_LINE = 200;

  /// In `inside`: within a command, up to the end of its line.
  private static final char COMMAND = ':';

  private final StringBuilder pending = new StringBuilder();
  private int scanned;
  private int line = 1;
  private int column = 1;

  /// A quote, `/` in a comment of one line, `*` in one of several, [#COMMAND], or 0.
  private char inside;

  /// Where the part begins, -1 if it has not begun.
  private int begin = -1;

  private int beginLine;
  private int beginColumn;

  /// Adds text.
  ///
  /// @return the parts that it completes; empty statements are left out
  public List<Part> add(CharSequence text) {
    pending.append(text);
    List<Part> complete = new ArrayList<>();
    while (scanned < pending.length()) {
      char c = pending.charAt(scanned);
      if (!hasTwo() && ambiguous(c)) {
        break;
      }
      if (begin < 0 && inside == 0 && isContent(c)) {
        beginAt(c);
      }
      if (ends(c)) {
        end(complete);
        advance(1);
      } else {
        advance(step(c));
      }
    }
    forget();
    return complete;
  }

  /// What is left at the end of the text; null if that is no statement.
  public @Nullable Part rest() {
    if (begin < 0 && inside == 0 && scanned < pending.length()) {
      beginAt(pending.charAt(scanned));
    }
    scanned = pending.length();
    List<Part> last = new ArrayList<>();
    end(last);
    pending.setLength(0);
    scanned = 0;
    return last.isEmpty() ? null : last.getFirst();
  }

  /// Whether a statement or a comment has begun and not ended.
  public boolean isPending() {
    return begin >= 0 || inside != 0 && inside != '/' || scanned < pending.length();
  }

  private void beginAt(char first) {
    begin = scanned;
    beginLine = line;
    beginColumn = column;
    inside = Part.isCommand(first) ? COMMAND : 0;
  }

  private boolean isContent(char c) {
    boolean comment = c == '/' && hasTwo() && "/*".indexOf(pending.charAt(scanned + 1)) >= 0;
    return !comment && !isBlank(c) && c != ';';
  }

  private static boolean isBlank(char c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF';
  }

  /// Whether a part ends before this character.
  private boolean ends(char c) {
    return switch (c) {
      case ';' -> inside == 0 || inside == COMMAND && isTransactionWord();
      case '\n' -> inside == COMMAND || (inside == 0 || inside == '/') && isTransactionWord();
      default -> false;
    };
  }

  private boolean isTransactionWord() {
    return begin >= 0
        && scanned - begin <= LONGEST_TRANSACTION_LINE
        && transactionWord(pending.substring(begin, scanned).strip()) != null;
  }

  private static @Nullable String transactionWord(String text) {
    Matcher matcher = TRANSACTION.matcher(text);
    return matcher.matches() ? matcher.group(1).toUpperCase(Locale.ROOT) : null;
  }

  private void end(List<Part> complete) {
    if (begin >= 0) {
      String text = pending.substring(begin, scanned).strip();
      if (inside == COMMAND && text.endsWith(";")) {
        text = text.substring(0, text.length() - 1).strip();
      }
      complete.add(new Part(text, beginLine, beginColumn));
    }
    begin = -1;
    inside = 0;
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
    } else if (inside != COMMAND) {
      if (c == '\\' && inside != '`') {
        return 2;
      }
      inside = c == inside ? 0 : inside;
    }
    return 1;
  }

  private void advance(int characters) {
    for (int i = 0; i < characters; i++) {
      char c = pending.charAt(scanned++);
      if (c == '\n') {
        line++;
        column = 1;
      } else if (!Character.isLowSurrogate(c)) {
        column++;
      }
    }
  }

  /// Drops what lies before the part that has begun.
  private void forget() {
    int kept = begin < 0 ? scanned : begin;
    pending.delete(0, kept);
    scanned -= kept;
    begin -= begin < 0 ? 0 : kept;
  }
}
