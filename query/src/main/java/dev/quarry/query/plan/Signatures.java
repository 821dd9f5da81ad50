package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.ValueType;
import dev.quarry.query.procedure.TypedValues;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Cell;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Compares a call with a signature before it runs: how many arguments, and the types of those that
/// are literals.
final class Signatures {
  private Signatures() {}

  /// @throws SyntaxException if the arguments cannot be right
  static void requireFit(
      String name, List<ValueType.Named> inputs, List<Expression> arguments, Span span) {
    requireCount(name, inputs, false, arguments, span);
    requireTypes(name, inputs, arguments);
  }

  /// Refuses a call with too few or too many arguments.
  ///
  /// @param mayLackOptions whether the last one may be left out
  static void requireCount(
      String name,
      List<ValueType.Named> inputs,
      boolean mayLackOptions,
      List<Expression> arguments,
      Span span) {
    int most = inputs.size();
    int least = mayLackOptions ? most - 1 : most;
    if (arguments.size() < least || arguments.size() > most) {
      String called = "it is called as " + text(name, inputs);
      String hint = mayLackOptions ? called + "; the last one may be left out" : called;
      throw wrongCount(name, least, most, arguments.size(), span, hint);
    }
  }

  /// Refuses arguments that cannot have the types of a signature.
  static void requireTypes(String name, List<ValueType.Named> inputs, List<Expression> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      ValueType.Named input = inputs.get(i);
      Expression argument = arguments.get(i);
      if (!mayFit(input.type(), argument)) {
        throw new SyntaxException(
            ErrorCode.INVALID_ARGUMENT_TYPE,
            "`" + input.name() + "` of `" + name + "` is " + input.type() + "; this is not",
            argument.span(),
            "it is called as " + text(name, inputs));
      }
    }
  }

  /// The error for a call with too few or too many arguments.
  ///
  /// @param most `Integer.MAX_VALUE` for any number
  static SyntaxException wrongCount(
      String name, int least, int most, int actual, Span span, @Nullable String hint) {
    String expected =
        least == most
            ? "" + least
            : most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
    return new SyntaxException(
        ErrorCode.INVALID_NUMBER_OF_ARGUMENTS,
        "`%s` takes %s argument%s, not %d"
            .formatted(
                name, expected, expected.endsWith(" 1") || expected.equals("1") ? "" : "s", actual),
        span,
        hint);
  }

  /// A call as its signature says it.
  static String text(String name, List<ValueType.Named> inputs) {
    return inputs.stream()
        .map(ValueType.Named::toString)
        .collect(Collectors.joining(", ", name + "(", ")"));
  }

  /// Whether an expression may have a value of a type, as far as that is known before it runs.
  private static boolean mayFit(ValueType type, Expression expression) {
    return switch (expression) {
      case Expression.Literal e when e.value() == null -> type.nullable();
      case Expression.Literal e -> TypedValues.fits(type.kind(), tag(e.value()));
      case Expression.Negation e when e.operand() instanceof Expression.Literal literal ->
          mayFit(type, literal);
      case Expression.MapLiteral e -> TypedValues.fits(type.kind(), Cell.MAP);
      case Expression.ListLiteral e -> {
        ValueType element = type.element();
        yield TypedValues.fits(type.kind(), Cell.LIST)
            && (element == null || e.elements().stream().allMatch(one -> mayFit(element, one)));
      }
      default -> true;
    };
  }

  private static int tag(Object literal) {
    return switch (literal) {
      case Boolean value -> Cell.BOOLEAN;
      case Long value -> Cell.INTEGER;
      case Double value -> Cell.FLOAT;
      case String value -> Cell.STRING;
      default -> throw new AssertionError(literal);
    };
  }
}
