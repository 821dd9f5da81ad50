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
///   at friends.cypher:2:8, SyntaxError.UndefinedVariable, GQLSTATUS 42002
/// ```
///
/// The last line is there for statements of a script only. Of a long line only what is around the
/// place is shown.
public final class ErrorPrinter {
  private static final int EXCERPT_WIDTH = 160;
  private static final int EXCERPT_BEFORE = 60;

  private ErrorPrinter() {}

  /// @param statement the text that the error speaks of, null if it speaks of none
  public static void print(
      PrintStream err, QuarryException error, @Nullable String statement, boolean json) {
    print(err, error, json, statement == null ? null : Place.alone(statement));
  }

  /// @param place of the statement that the error speaks of, null if it speaks of none
  public static void print(
      PrintStream err, QuarryException error, boolean json, @Nullable Place place) {
    err.print(json ? json(error, place) + System.lineSeparator() : text(error, place));
    err.flush();
  }

  private static @Nullable Span span(QuarryException error) {
    return error instanceof QueryException query ? query.span() : null;
  }

  private static String json(QuarryException error, @Nullable Place place) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    Span span = span(error);
    boolean known = place != null && (span != null || place.script() != null);
    fields.put("code", error.code().toString());
    fields.put("gqlstatus", error.code().gqlStatus());
    fields.put("message", error.getMessage());
    fields.put("line", known ? (Object) (long) place.line(span) : null);
    fields.put("column", known ? (Object) (long) place.column(span) : null);
    fields.put("length", span == null ? null : (long) span.length());
    fields.put("hint", error.hint());
    return JsonText.object(fields);
  }

  /// The error of a statement that stands alone, as a person reads it.
  public static String text(QuarryException error, @Nullable String statement) {
    return text(error, statement == null ? null : Place.alone(statement));
  }

  private static String text(QuarryException error, @Nullable Place place) {
    StringBuilder text = new StringBuilder("error: ").append(error.getMessage()).append('\n');
    Span span = span(error);
    if (span != null && place != null) {
      appendExcerpt(text, span, place, error.hint());
    } else if (error.hint() != null) {
      text.append("  ").append(error.hint()).append('\n');
    }
    if (place != null && place.script() != null) {
      text.append("  at ").append(location(place, span)).append(", ");
      text.append(error.code()).append(", GQLSTATUS ").append(error.code().gqlStatus());
      text.append('\n');
    }
    return text.toString();
  }

  private static void appendExcerpt(
      StringBuilder text, Span span, Place place, @Nullable String hint) {
    String line = place.text().lines().skip(span.line() - 1L).findFirst().orElse("");
    int[] points = line.replace('\t', ' ').codePoints().toArray();
    boolean isLong = points.length > EXCERPT_WIDTH;
    int start = isLong ? Math.max(0, span.column() - 1 - EXCERPT_BEFORE) : 0;
    int end = isLong ? Math.min(points.length, start + EXCERPT_WIDTH) : points.length;
    String before = start > 0 ? "... " : "";
    String number = Integer.toString(place.line(span));
    text.append("  ").append(number).append(" | ").append(before);
    text.append(new String(points, start, end - start));
    text.append(end < points.length ? " ..." : "").append('\n');
    int carets = Math.max(1, Math.min(span.length(), end - span.column() + 1));
    text.append(" ".repeat(number.length() + 2))
        .append(" | ")
        .append(" ".repeat(before.length() + span.column() - 1 - start))
        .append("^".repeat(carets));
    text.append(hint == null ? "" : " " + hint).append('\n');
  }

  private static String location(Place place, @Nullable Span span) {
    String script = place.script();
    return script == null || script.isEmpty()
        ? "line " + place.line(span) + ", column " + place.column(span)
        : script + ":" + place.line(span) + ":" + place.column(span);
  }
}
