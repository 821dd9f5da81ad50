package dev.quarry.query.evaluate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Compiles the patterns of `=~` (rule S26). What RE2 leaves out, because it cannot be matched in
/// linear time, is refused by its name; so is what would be repeated too often, because repetitions
/// are written out on the Java heap.
final class RegularExpressions {
  private static final int MOST_STEPS = 20_000;

  /// Groups within groups, which the library walks by recursion.
  private static final int DEEPEST_GROUP = 256;

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
    if (steps(source) > MOST_STEPS) {
      throw new EvaluationException(
          ErrorCode.LIMIT_EXCEEDED,
          "the regular expression has more than " + MOST_STEPS + " steps with its repetitions",
          span,
          "repeat less often, or write * or + instead of a number");
    }
    if (deepestGroup(source) > DEEPEST_GROUP) {
      throw new EvaluationException(
          ErrorCode.LIMIT_EXCEEDED,
          "the regular expression has groups nested more than " + DEEPEST_GROUP + " deep",
          span,
          "nest fewer groups");
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

  /// How many steps a pattern has when counted repetitions are written out, about; saturated.
  private static long steps(String source) {
    Deque<Long> outer = new ArrayDeque<>();
    long done = 0;
    long last = 0;
    for (int i = 0; i < source.length(); i = literalEnd(source, i) + 1) {
      switch (source.charAt(i)) {
        case '(' -> {
          outer.push(done + last);
          done = 0;
          last = 0;
        }
        case ')' -> {
          last = done + last + 1;
          done = outer.isEmpty() ? 0 : outer.pop();
        }
        case '{' -> last = Math.min(last * repetitions(source, i + 1), 1L << 40);
        default -> {
          done += last;
          last = source.startsWith("\\Q", i) ? literalEnd(source, i) - i : 1;
        }
      }
    }
    return done + last;
  }

  /// How many groups are open at once at most.
  private static int deepestGroup(String source) {
    int open = 0;
    int deepest = 0;
    for (int i = 0; i < source.length(); i = literalEnd(source, i) + 1) {
      char c = source.charAt(i);
      open += c == '(' ? 1 : c == ')' ? -1 : 0;
      deepest = Math.max(deepest, open);
    }
    return deepest;
  }

  /// The last place of the escape, quotation or class that begins at a place, else that place.
  private static int literalEnd(String source, int at) {
    if (source.startsWith("\\Q", at)) {
      int end = source.indexOf("\\E", at + 2);
      return end < 0 ? source.length() : end + 1;
    }
    if (source.charAt(at) == '\\') {
      return at + 1;
    }
    if (source.charAt(at) != '[') {
      return at;
    }
    int first = source.startsWith("^", at + 1) ? at + 2 : at + 1;
    for (int i = first; i < source.length(); i++) {
      if (source.charAt(i) == '\\') {
        i++;
      } else if (source.charAt(i) == ']' && i > first) {
        return i;
      }
    }
    return source.length();
  }

  /// The larger number of `{2,3}`; 1 if there is none.
  private static long repetitions(String source, int from) {
    long most = 1;
    long number = 0;
    for (int i = from; i < source.length() && i < from + 12; i++) {
      int digit = Character.digit(source.charAt(i), 10);
      if (digit < 0) {
        most = Math.max(most, number);
        number = 0;
        if (source.charAt(i) != ',') {
          break;
        }
      } else {
        number = number * 10 + digit;
      }
    }
    return most;
  }

  /// The first construct of a pattern that RE2 lacks; null if there is none.
  private static @Nullable String unsupported(String source) {
    for (int i = 0; i < source.length(); i = literalEnd(source, i) + 1) {
      char c = source.charAt(i);
      char next = i + 1 < source.length() ? source.charAt(i + 1) : ' ';
      if (c == '\\' && (next >= '1' && next <= '9' || next == 'k')) {
        return "the back-reference `" + source.substring(i, i + 2) + "`";
      }
      if (c == '(' && group(source, i) != null) {
        return group(source, i);
      }
      if ("*+?}".indexOf(c) >= 0 && next == '+') {
        return "the possessive quantifier `" + source.substring(i, i + 2) + "`";
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
}
