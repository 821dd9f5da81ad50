package dev.quarry.cli.shell;

import dev.quarry.query.syntax.Script;
import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/// Decides whether Enter ends what was entered or goes on with another line, and which word is to
/// be completed.
final class StatementLines implements Parser {
  @Override
  public ParsedLine parse(String text, int cursor, ParseContext context) {
    if (context == ParseContext.ACCEPT_LINE && isUnfinished(text)) {
      throw new EOFError(-1, -1, "the statement goes on up to its `;`");
    }
    return new Word(text, cursor);
  }

  static boolean isUnfinished(String text) {
    Script script = new Script();
    script.add(text + "\n");
    return script.isPending();
  }

  /// The word ahead of the cursor, as far as a name may reach.
  record Word(String line, int cursor) implements CompletingParsedLine {
    /// Where the word begins.
    int begin() {
      String text = line;
      if (isCommandName()) {
        return text.length() - text.stripLeading().length();
      }
      int at = cursor;
      boolean name = !Completion.isFileArgument(text);
      while (at > 0 && isPart(text.charAt(at - 1), name)) {
        at--;
      }
      return at;
    }

    private static boolean isPart(char c, boolean name) {
      return name ? Character.isUnicodeIdentifierPart(c) : !Character.isWhitespace(c);
    }

    /// Whether the cursor is in the name of a command.
    boolean isCommandName() {
      String before = line.substring(0, cursor).stripLeading();
      return before.startsWith(":") && before.chars().noneMatch(Character::isWhitespace);
    }

    @Override
    public String word() {
      return line.substring(begin(), cursor);
    }

    @Override
    public int wordCursor() {
      return cursor - begin();
    }

    @Override
    public int wordIndex() {
      return 0;
    }

    @Override
    public List<String> words() {
      return List.of(word());
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean complete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return wordCursor();
    }

    @Override
    public int rawWordLength() {
      return wordCursor();
    }
  }
}
