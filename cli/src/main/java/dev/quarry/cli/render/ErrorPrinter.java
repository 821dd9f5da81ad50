package dev.quarry.cli.render;

import dev.quarry.error.QuarryException;
import dev.quarry.error.QueryException;
import dev.quarry.error.Span;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Prints errors: for people with the line and a caret, for programs as one JSON object.
///
/// ```text
/// error: variable `freind` is not defined
///   2 | RETURN freind.name
///     |        ^^^^^^ did you mean `friend`?
/// ```
public final class ErrorPrinter {
  private ErrorPrinter() {}

  /// @param statement the text that the error speaks of, null if it speaks of none
  public static void print(
      PrintStream err, QuarryException error, @Nullable String statement, boolean json) {
    err.print(json ? json(error) + System.lineSeparator() : text(error, statement));
    err.flush();
  }

  private static @Nullable Span span(QuarryException error) {
    return error instanceof QueryException query ? query.span() : null;
  }

  private static String json(QuarryException error) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    Span span = span(error);
    fields.put("code", error.code().toString());
    fields.put("gqlstatus", error.code().gqlStatus());
    fields.put("message", error.getMessage());
    fields.put("line", span == null ? null : (long) span.line());
    fields.put("column", span == null ? null : (long) span.column());
    fields.put("length", span == null ? null : (long) span.length());
    fields.put("hint", error.hint());
    return JsonText.object(fields);
  }

  /// The error as a person reads it.
  public static String text(QuarryException error, @Nullable String statement) {
    StringBuilder text = new StringBuilder("error: ").append(error.getMessage()).append('\n');
    Span span = span(error);
    String hint = error.hint();
    if (span == null || statement == null) {
      if (hint != null) {
        text.append("  ").append(hint).append('\n');
      }
      return text.toString();
    }
    String line = statement.lines().skip(span.line() - 1L).findFirst().orElse("");
    String number = Integer.toString(span.line());
    text.append("  ").append(number).append(" | ").append(line.replace('\t', ' ')).append('\n');
    int rest = line.codePointCount(0, line.length()) - span.column() + 1;
    int carets = Math.max(1, Math.min(span.length(), rest));
    text.append(" ".repeat(number.length() + 2))
        .append(" | ")
        .append(" ".repeat(span.column() - 1))
        .append("^".repeat(carets));
    return text.append(hint == null ? "" : " " + hint).append('\n').toString();
  }
}
