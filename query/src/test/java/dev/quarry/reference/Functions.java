package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Expression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Functions of one row: those of entities, lists and conversions here, the others in
/// [TextFunctions] and [NumberFunctions].
final class Functions {
  private final Expressions expressions;

  Functions(Expressions expressions) {
    this.expressions = expressions;
  }

  @Nullable Object call(Expression.Call call, Environment environment) {
    String name = call.name().toLowerCase(Locale.ROOT);
    List<@Nullable Object> arguments = expressions.values(call.arguments(), environment);
    if (name.equals("coalesce")) {
      return arguments.stream().filter(java.util.Objects::nonNull).findFirst().orElse(null);
    }
    if (name.equals("exists")) {
      boolean ofPattern = call.arguments().getFirst() instanceof Expression.PatternPredicate;
      return ofPattern ? arguments.getFirst() : (Object) (arguments.getFirst() != null);
    }
    if (arguments.contains(null)) {
      return null;
    }
    Object first = arguments.isEmpty() ? "" : arguments.getFirst();
    return switch (name) {
      case "id" -> entity(first).id();
      case "elementid" -> first.getClass().getSimpleName() + entity(first).id();
      case "labels" -> labels(first);
      case "type" -> relationship(first).type();
      case "keys" -> List.copyOf(Operators.contents(first).keySet());
      case "properties" -> Operators.contents(first);
      case "startnode" -> relationship(first).start();
      case "endnode" -> relationship(first).end();
      case "nodes" -> path(first).nodes();
      case "relationships" -> path(first).relationships();
      case "length" -> (long) path(first).relationships().size();
      case "size" -> size(first);
      case "isempty" -> first instanceof Map<?, ?> map ? map.isEmpty() : size(first) == 0;
      case "head" -> list(first).isEmpty() ? null : list(first).getFirst();
      case "last" -> list(first).isEmpty() ? null : list(first).getLast();
      case "tail" -> Operators.slice(list(first), 1L, Long.MAX_VALUE);
      case "reverse" -> first instanceof String text ? TextFunctions.reverse(text) : reverse(first);
      case "range" -> range(arguments);
      case "toboolean" -> toBoolean(first);
      case "tointeger" -> toInteger(first);
      case "tofloat" -> toFloat(first);
      case "tostring" -> toText(first);
      default ->
          TextFunctions.knows(name)
              ? TextFunctions.call(name, arguments)
              : NumberFunctions.call(name, arguments);
    };
  }

  private static ReferenceEntity entity(@Nullable Object value) {
    if (value instanceof ReferenceEntity entity) {
      return entity;
    }
    throw Failure.type("a node or relationship is needed", value);
  }

  private static ReferenceRelationship relationship(@Nullable Object value) {
    if (value instanceof ReferenceRelationship relationship) {
      return relationship;
    }
    throw Failure.type("a relationship is needed", value);
  }

  private static ReferencePath path(@Nullable Object value) {
    if (value instanceof ReferencePath path) {
      return path;
    }
    throw Failure.type("a path is needed", value);
  }

  private static List<String> labels(@Nullable Object value) {
    if (value instanceof ReferenceNode node) {
      Operators.requireContents(node);
      return List.copyOf(node.labels());
    }
    throw Failure.type("a node is needed", value);
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw Failure.type("a list is needed", value);
  }

  private static long size(@Nullable Object value) {
    return value instanceof String text
        ? text.codePointCount(0, text.length())
        : list(value).size();
  }

  private static List<?> reverse(@Nullable Object value) {
    List<@Nullable Object> reversed = new ArrayList<>(list(value));
    Collections.reverse(reversed);
    return reversed;
  }

  /// Both ends are in it.
  private static List<Long> range(List<@Nullable Object> arguments) {
    for (Object argument : arguments) {
      if (!(argument instanceof Long)) {
        throw Failure.type("range needs integers", argument);
      }
    }
    long from = (Long) java.util.Objects.requireNonNull(arguments.get(0));
    long to = (Long) java.util.Objects.requireNonNull(arguments.get(1));
    long step =
        arguments.size() < 3 ? 1 : (Long) java.util.Objects.requireNonNull(arguments.get(2));
    if (step == 0) {
      throw Failure.of(ErrorCode.NUMBER_OUT_OF_RANGE, "range cannot step by 0");
    }
    List<Long> range = new ArrayList<>();
    for (long at = from; step > 0 ? at <= to : at >= to; at += step) {
      range.add(at);
    }
    return range;
  }

  // Conversions.

  private static @Nullable Object toBoolean(@Nullable Object value) {
    return switch (value) {
      case Boolean truth -> truth;
      case Long number -> number != 0;
      case String text ->
          switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> null;
          };
      case null, default -> throw Failure.value("no boolean", value);
    };
  }

  private static @Nullable Object toInteger(@Nullable Object value) {
    return switch (value) {
      case Long number -> number;
      case Double number -> number.longValue();
      case Boolean truth -> truth ? 1L : 0L;
      case String text -> {
        try {
          yield new BigDecimal(text.strip()).longValue();
        } catch (NumberFormatException e) {
          yield null;
        }
      }
      case null, default -> throw Failure.value("no number", value);
    };
  }

  private static @Nullable Object toFloat(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text -> {
        try {
          yield Double.valueOf(text.strip());
        } catch (NumberFormatException e) {
          yield null;
        }
      }
      case null, default -> throw Failure.value("no number", value);
    };
  }

  private static String toText(@Nullable Object value) {
    return switch (value) {
      case String text -> text;
      case Number number -> number.toString();
      case Boolean truth -> truth.toString();
      case null, default -> throw Failure.value("no text", value);
    };
  }
}
