package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.cli.render.LiteralText;
import dev.quarry.error.QueryException;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.StatementParser;
import java.io.PrintStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// `:param` and `:params`: what the `$names` of the statements to come stand for.
final class ParameterCommand {
  private static final String NAME = "`(?<quoted>[^`]+)`|(?<plain>[\\p{L}_][\\p{L}\\p{N}_]*)";
  private static final Pattern ASSIGNMENT =
      Pattern.compile("(" + NAME + ")\\s*(=>|:)\\s*(?<value>\\S.*)", Pattern.DOTALL);
  private static final Pattern CLEAR =
      Pattern.compile("clear(\\s+\\$?(" + NAME + "))?", Pattern.CASE_INSENSITIVE);
  private static final String BEFORE = "RETURN (";
  private static final String BARE = "RETURN  ";
  private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_-]*");

  private final Map<String, @Nullable Object> parameters;
  private final PrintStream out;

  ParameterCommand(Map<String, @Nullable Object> parameters, PrintStream out) {
    this.parameters = parameters;
    this.out = out;
  }

  /// All parameters, as commands that would set them.
  void list() {
    parameters.forEach(
        (name, value) ->
            out.println(":param " + LiteralText.name(name) + " => " + LiteralText.of(value)));
  }

  /// @param command all of the command
  /// @param rest what follows its name
  void run(String command, String rest) {
    Matcher clear = CLEAR.matcher(rest);
    Matcher assignment = ASSIGNMENT.matcher(rest);
    if (rest.isEmpty()) {
      list();
    } else if (clear.matches()) {
      clear(name(clear));
    } else if (assignment.matches()) {
      String value = assignment.group("value");
      parameters.put(name(assignment), value(command, value));
    } else {
      throw ShellCommands.wrong(
          "`:param` needs a name and a value",
          "as in `:param name => 'Ada'`, or `:param clear name`");
    }
  }

  private static @Nullable String name(Matcher matcher) {
    String quoted = matcher.group("quoted");
    return quoted == null ? matcher.group("plain") : quoted;
  }

  private void clear(@Nullable String name) {
    if (name == null) {
      parameters.clear();
    } else if (!parameters.containsKey(name)) {
      throw ShellCommands.wrong("there is no parameter `" + name + "`", "`:params` lists them");
    } else {
      parameters.remove(name);
    }
  }

  /// A literal is itself, one word that is none is a string, all else is an expression to evaluate.
  private @Nullable Object value(String command, String text) {
    Expression expression = StatementParser.parseExpression(text);
    if (expression != null && Parameters.isLiteral(expression)) {
      return Parameters.literal(expression);
    }
    if (WORD.matcher(text).matches()) {
      return text;
    }
    try {
      return evaluate(text, expression != null);
    } catch (QueryException e) {
      throw new SyntaxException(
          e.code(),
          java.util.Objects.requireNonNull(e.getMessage()),
          moved(e.span(), command, text),
          e.hint());
    }
  }

  private @Nullable Object evaluate(String text, boolean isExpression) {
    String statement = BEFORE + text + "\n) AS value";
    if (!isExpression) {
      StatementParser.parse(BARE + text);
      throw ShellCommands.wrong("`" + text + "` is no value", "write a string as 'text'");
    }
    OpenOptions small = OpenOptions.defaults().withMemory(OpenOptions.LEAST_MEMORY);
    try (Quarry db = Quarry.inMemory(small)) {
      return db.run(statement, parameters).rows().getFirst().get(0);
    }
  }

  /// The place in the command of a place in the statement that evaluates its value.
  private static @Nullable Span moved(@Nullable Span span, String command, String text) {
    if (span == null) {
      return null;
    }
    int at = command.length() - text.length();
    int before = command.codePointCount(0, at);
    if (span.line() > 1) {
      int all = command.codePointCount(0, command.length());
      return new Span(1, all + 1, 1, command.length());
    }
    int column = Math.max(1, span.column() - BEFORE.length()) + before;
    return new Span(1, column, span.length(), at + Math.max(0, span.offset() - BEFORE.length()));
  }
}
