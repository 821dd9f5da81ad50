package dev.quarry.query.evaluate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import org.jspecify.annotations.Nullable;

/// Compiles the patterns of `=~` (rule S26). What RE2 leaves out, because it cannot be matched in
/// linear time, is refused by its name.
final class RegularExpressions {
  private RegularExpressions() {}

  static Pattern compile(String source, Span span) {
    String construct = unsupported(source);
    if (construct != null) {
      throw new EvaluationException(
          ErrorCode.NOT_SUPPORTED,
          construct + " is not supported in regular expressions: " + source,
          span,
          "the syntax is that of RE2: no look-around, no back-references, no possessive quantifiers");
    }
    try {
      return Pattern.compile(source, Pattern.DOTALL);
    } catch (PatternSyntaxException e) {
      throw new EvaluationException(
          ErrorCode.REGULAR_EXPRESSION,
          "the regular expression is not valid: " + e.getMessage(),
          span,
          "the syntax is that of RE2");
    }
  }

  /// The first construct of a pattern that RE2 lacks; null if there is none.
  private static @Nullable String unsupported(String source) {
    boolean inClass = false;
    for (int i = 0; i < source.length(); i++) {
      char c = source.charAt(i);
      if (source.startsWith("\\Q", i)) {
        int end = source.indexOf("\\E", i + 2);
        i = end < 0 ? source.length() : end + 1;
      } else if (c == '\\') {
        char escaped = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
        if (!inClass && (escaped >= '1' && escaped <= '9' || escaped == 'k')) {
          return "the back-reference `" + source.substring(i, i + 2) + "`";
        }
        i++;
      } else if (inClass) {
        inClass = c != ']';
      } else if (c == '[') {
        inClass = true;
        i += source.startsWith("^]", i + 1) ? 2 : source.startsWith("]", i + 1) ? 1 : 0;
      } else if (c == '(' && group(source, i) != null) {
        return group(source, i);
      } else if (c == '+' && i > 0 && "*+?}".indexOf(source.charAt(i - 1)) >= 0) {
        if (isQuantifier(source, i - 1)) {
          return "the possessive quantifier `" + source.substring(i - 1, i + 1) + "`";
        }
      }
    }
    return null;
  }

  private static @Nullable String group(String source, int at) {
    if (source.startsWith("(?=", at)) {
      return "the look-ahead `(?=`";
    }
    if (source.startsWith("(?!", at)) {
      return "the negative look-ahead `(?!`";
    }
    if (source.startsWith("(?<=", at)) {
      return "the look-behind `(?<=`";
    }
    if (source.startsWith("(?<!", at)) {
      return "the negative look-behind `(?<!`";
    }
    return source.startsWith("(?>", at) ? "the atomic group `(?>`" : null;
  }

  /// Whether the character at a place repeats what is before it, and is not repeated itself.
  private static boolean isQuantifier(String source, int at) {
    int backslashes = 0;
    while (at - backslashes > 0 && source.charAt(at - backslashes - 1) == '\\') {
      backslashes++;
    }
    return at > 0 && backslashes % 2 == 0;
  }
}
