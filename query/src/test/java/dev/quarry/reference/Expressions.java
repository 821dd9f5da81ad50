package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evaluates expressions, straight from their tree.
final class Expressions {
  private final ReferenceInterpreter interpreter;
  private final Map<String, ?> parameters;
  private final Functions functions;

  Expressions(ReferenceInterpreter interpreter, Map<String, ?> parameters) {
    this.interpreter = interpreter;
    this.parameters = parameters;
    this.functions = new Functions(this);
  }

  /// Whether a condition holds: true, neither false nor null.
  boolean holds(@Nullable Expression condition, Environment environment) {
    return condition == null || Boolean.TRUE.equals(truth(value(condition, environment)));
  }

  @Nullable Object value(@Nullable Expression expression, Environment environment) {
    return switch (expression) {
      case null -> null;
      case Expression.Literal e -> e.value();
      case Expression.Parameter e -> parameter(e.name());
      case Expression.Variable e -> variable(e.name(), environment);
      case Expression.Property e -> Operators.property(value(e.of(), environment), e.key());
      case Expression.Index e ->
          Operators.index(value(e.of(), environment), value(e.index(), environment));
      case Expression.Slice e -> slice(e, environment);
      case Expression.ListLiteral e -> values(e.elements(), environment);
      case Expression.MapLiteral e -> map(e, environment);
      case Expression.Junction e -> junction(e, environment);
      case Expression.Not e -> Values.not(truth(value(e.operand(), environment)));
      case Expression.Comparison e -> comparison(e, environment);
      case Expression.Arithmetic e -> arithmetic(e, environment);
      case Expression.Negation e -> Operators.negate(value(e.operand(), environment));
      case Expression.TextMatch e ->
          Operators.matches(
              e.kind(), value(e.text(), environment), value(e.pattern(), environment));
      case Expression.In e ->
          Operators.in(value(e.element(), environment), value(e.list(), environment));
      case Expression.IsNull e -> (value(e.operand(), environment) == null) != e.negated();
      case Expression.HasLabels e -> hasLabels(value(e.of(), environment), e.labels());
      case Expression.Call e -> call(e, environment);
      case Expression.CountRows e -> (long) group(environment).size();
      case Expression.Case e -> caseValue(e, environment);
      case Expression.ListComprehension e -> listComprehension(e, environment);
      case Expression.PatternComprehension e -> patternComprehension(e, environment);
      case Expression.Quantifier e -> quantifier(e, environment);
      case Expression.Reduce e -> reduce(e, environment);
      case Expression.PatternPredicate e ->
          !interpreter.patterns().match(List.of(e.pattern()), environment.row()).isEmpty();
      case Expression.ShortestPath e ->
          throw Failure.of(ErrorCode.NOT_SUPPORTED, "the reference knows no shortest paths");
      case Expression.Subquery e -> subquery(e, environment);
      case Expression.MapProjection e -> mapProjection(e, environment);
    };
  }

  List<@Nullable Object> values(List<Expression> expressions, Environment environment) {
    List<@Nullable Object> values = new ArrayList<>();
    for (Expression expression : expressions) {
      values.add(value(expression, environment));
    }
    return values;
  }

  private @Nullable Object parameter(String name) {
    if (!parameters.containsKey(name)) {
      throw Failure.of(ErrorCode.MISSING_PARAMETER, "no parameter " + name);
    }
    return parameters.get(name);
  }

  private static @Nullable Object variable(String name, Environment environment) {
    if (!environment.row().containsKey(name)) {
      throw Failure.of(ErrorCode.UNDEFINED_VARIABLE, "no variable " + name);
    }
    return environment.row().get(name);
  }

  private @Nullable Object slice(Expression.Slice e, Environment environment) {
    Object of = value(e.of(), environment);
    Object from = e.from() == null ? (Object) 0L : value(e.from(), environment);
    Object to = e.to() == null ? (Object) Long.MAX_VALUE : value(e.to(), environment);
    return Operators.slice(of, from, to);
  }

  private Map<String, @Nullable Object> map(Expression.MapLiteral e, Environment environment) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (int i = 0; i < e.keys().size(); i++) {
      map.put(e.keys().get(i), value(e.values().get(i), environment));
    }
    return map;
  }

  // Logic.

  private static @Nullable Boolean truth(@Nullable Object value) {
    if (value == null || value instanceof Boolean) {
      return (Boolean) value;
    }
    throw Failure.type("a condition must be a boolean", value);
  }

  /// The first term that decides ends it: `true OR size({})` is true, not an error.
  private @Nullable Boolean junction(Expression.Junction e, Environment environment) {
    Boolean result = truth(value(e.terms().getFirst(), environment));
    for (Expression term : e.terms().subList(1, e.terms().size())) {
      if (isDecided(e.kind(), result)) {
        return result;
      }
      Boolean next = truth(value(term, environment));
      result =
          switch (e.kind()) {
            case AND -> Values.and(result, next);
            case OR -> Values.or(result, next);
            case XOR -> Values.xor(result, next);
          };
    }
    return result;
  }

  private static boolean isDecided(Expression.Junction.Kind kind, @Nullable Boolean result) {
    return switch (kind) {
      case AND -> Boolean.FALSE.equals(result);
      case OR -> Boolean.TRUE.equals(result);
      case XOR -> false;
    };
  }

  /// `a < b < c` is `a < b AND b < c`.
  private @Nullable Boolean comparison(Expression.Comparison e, Environment environment) {
    List<@Nullable Object> terms = values(e.terms(), environment);
    Boolean result = true;
    for (int i = 0; i < e.operators().size(); i++) {
      Boolean one = Operators.compare(e.operators().get(i), terms.get(i), terms.get(i + 1));
      result = Values.and(result, one);
    }
    return result;
  }

  private @Nullable Object arithmetic(Expression.Arithmetic e, Environment environment) {
    List<@Nullable Object> terms = values(e.terms(), environment);
    Object result = terms.getFirst();
    for (int i = 0; i < e.operators().size(); i++) {
      result = Operators.arithmetic(e.operators().get(i), result, terms.get(i + 1));
    }
    return result;
  }

  private static @Nullable Boolean hasLabels(@Nullable Object of, LabelExpression labels) {
    return switch (of) {
      case null -> null;
      case ReferenceNode node -> {
        Operators.requireContents(node);
        yield matches(labels, node.labels());
      }
      case ReferenceRelationship relationship -> matches(labels, List.of(relationship.type()));
      default -> throw Failure.type("only nodes and relationships have labels or types", of);
    };
  }

  static boolean matches(@Nullable LabelExpression wanted, java.util.Collection<String> names) {
    return switch (wanted) {
      case null -> true;
      case LabelExpression.Name name -> names.contains(name.name());
      case LabelExpression.And and -> and.terms().stream().allMatch(t -> matches(t, names));
      case LabelExpression.Or or -> or.terms().stream().anyMatch(t -> matches(t, names));
      case LabelExpression.Not not -> !matches(not.operand(), names);
      case LabelExpression.Any any -> !names.isEmpty();
    };
  }

  private @Nullable Object caseValue(Expression.Case e, Environment environment) {
    Object subject = value(e.subject(), environment);
    for (int i = 0; i < e.conditions().size(); i++) {
      Object condition = value(e.conditions().get(i), environment);
      Boolean chosen = e.subject() == null ? truth(condition) : Values.equal(subject, condition);
      if (Boolean.TRUE.equals(chosen)) {
        return value(e.results().get(i), environment);
      }
    }
    return value(e.otherwise(), environment);
  }

  // Calls.

  private @Nullable Object call(Expression.Call e, Environment environment) {
    if (Aggregates.isAggregate(e)) {
      return Aggregates.value(e, group(environment), this);
    }
    return functions.call(e, environment);
  }

  private static List<Map<String, @Nullable Object>> group(Environment environment) {
    List<Map<String, @Nullable Object>> group = environment.group();
    if (group == null) {
      throw Failure.of(ErrorCode.INVALID_AGGREGATION, "an aggregate where nothing is gathered");
    }
    return group;
  }

  // Lists.

  private static @Nullable List<?> list(@Nullable Object value) {
    if (value == null || value instanceof List) {
      return (List<?>) value;
    }
    throw Failure.type("a list is needed", value);
  }

  private @Nullable Object listComprehension(
      Expression.ListComprehension e, Environment environment) {
    List<?> list = list(value(e.list(), environment));
    if (list == null) {
      return null;
    }
    List<@Nullable Object> result = new ArrayList<>();
    for (Object element : list) {
      Environment inner = environment.with(e.variable(), element);
      if (holds(e.where(), inner)) {
        result.add(e.projection() == null ? element : value(e.projection(), inner));
      }
    }
    return result;
  }

  private @Nullable Boolean quantifier(Expression.Quantifier e, Environment environment) {
    List<?> list = list(value(e.list(), environment));
    if (list == null) {
      return null;
    }
    int yes = 0;
    int unknown = 0;
    for (Object element : list) {
      Boolean one = truth(value(e.where(), environment.with(e.variable(), element)));
      yes += Boolean.TRUE.equals(one) ? 1 : 0;
      unknown += one == null ? 1 : 0;
    }
    int no = list.size() - yes - unknown;
    return switch (e.kind()) {
      case ALL -> no > 0 ? Boolean.FALSE : unknown > 0 ? null : Boolean.TRUE;
      case ANY -> yes > 0 ? Boolean.TRUE : unknown > 0 ? null : Boolean.FALSE;
      case NONE -> yes > 0 ? Boolean.FALSE : unknown > 0 ? null : Boolean.TRUE;
      case SINGLE -> yes > 1 ? Boolean.FALSE : unknown > 0 ? null : (Boolean) (yes == 1);
    };
  }

  private @Nullable Object reduce(Expression.Reduce e, Environment environment) {
    List<?> list = list(value(e.list(), environment));
    if (list == null) {
      return null;
    }
    Object result = value(e.start(), environment);
    for (Object element : list) {
      Environment inner = environment.with(e.accumulator(), result).with(e.variable(), element);
      result = value(e.step(), inner);
    }
    return result;
  }

  // Nested patterns and queries (rule S22): each row has its own.

  private List<@Nullable Object> patternComprehension(
      Expression.PatternComprehension e, Environment environment) {
    List<@Nullable Object> result = new ArrayList<>();
    for (var row : interpreter.patterns().match(List.of(e.pattern()), environment.row())) {
      Environment inner = Environment.of(row);
      if (holds(e.where(), inner)) {
        result.add(value(e.projection(), inner));
      }
    }
    return result;
  }

  private Object subquery(Expression.Subquery e, Environment environment) {
    Table table = interpreter.nested(e.query(), environment.row());
    return switch (e.kind()) {
      case EXISTS -> !table.rows().isEmpty();
      case COUNT -> (long) table.rows().size();
      case COLLECT -> {
        List<@Nullable Object> collected = new ArrayList<>();
        table.rows().forEach(row -> collected.add(row.get(table.names().getFirst())));
        yield collected;
      }
    };
  }

  private @Nullable Object mapProjection(Expression.MapProjection e, Environment environment) {
    Object of = value(e.of(), environment);
    if (of == null) {
      return null;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (Expression.MapProjection.Item item : e.items()) {
      if (item.key() == null) {
        map.putAll(Operators.contents(of));
      } else if (item.value() == null) {
        map.put(item.key(), Operators.property(of, item.key()));
      } else {
        map.put(item.key(), value(item.value(), environment));
      }
    }
    return map;
  }
}
