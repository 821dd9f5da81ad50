package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Something that has a value. Chains of one precedence are one node, so depth counts nesting.
public sealed interface Expression {
  /// Its place in the text.
  Span span();

  /// null, [Boolean], [Long], [Double] or [String].
  record Literal(Span span, @Nullable Object value) implements Expression {}

  record Parameter(Span span, String name) implements Expression {}

  record Variable(Span span, String name) implements Expression {}

  record Property(Span span, Expression of, String key) implements Expression {}

  record Index(Span span, Expression of, Expression index) implements Expression {}

  record Slice(Span span, Expression of, @Nullable Expression from, @Nullable Expression to)
      implements Expression {}

  record ListLiteral(Span span, List<Expression> elements) implements Expression {}

  record MapLiteral(Span span, List<String> keys, List<Expression> values) implements Expression {}

  /// `a AND b AND c`, also OR and XOR.
  record Junction(Span span, Kind kind, List<Expression> terms) implements Expression {
    public enum Kind {
      AND,
      OR,
      XOR
    }
  }

  record Not(Span span, Expression operand) implements Expression {}

  /// `a < b <= c`: all neighbours compare.
  record Comparison(Span span, List<Expression> terms, List<Operator> operators)
      implements Expression {
    public enum Operator {
      EQUAL("="),
      NOT_EQUAL("<>"),
      LESS("<"),
      LESS_OR_EQUAL("<="),
      GREATER(">"),
      GREATER_OR_EQUAL(">=");

      final String text;

      Operator(String text) {
        this.text = text;
      }

      /// The same comparison with its sides exchanged.
      public Operator flipped() {
        return switch (this) {
          case EQUAL, NOT_EQUAL -> this;
          case LESS -> GREATER;
          case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
          case GREATER -> LESS;
          case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
        };
      }

      @Override
      public String toString() {
        return text;
      }
    }
  }

  /// `a + b - c`: operators of one precedence, from the left.
  record Arithmetic(Span span, List<Expression> terms, List<Character> operators)
      implements Expression {}

  record Negation(Span span, Expression operand) implements Expression {}

  record TextMatch(Span span, Kind kind, Expression text, Expression pattern)
      implements Expression {
    public enum Kind {
      STARTS_WITH,
      ENDS_WITH,
      CONTAINS,
      REGULAR_EXPRESSION
    }
  }

  record In(Span span, Expression element, Expression list) implements Expression {}

  record IsNull(Span span, Expression operand, boolean negated) implements Expression {}

  record HasLabels(Span span, Expression of, LabelExpression labels) implements Expression {}

  record Call(Span span, String name, boolean distinct, List<Expression> arguments)
      implements Expression {}

  /// `count(*)`
  record CountRows(Span span) implements Expression {}

  record Case(
      Span span,
      @Nullable Expression subject,
      List<Expression> conditions,
      List<Expression> results,
      @Nullable Expression otherwise)
      implements Expression {}

  record ListComprehension(
      Span span,
      String variable,
      Expression list,
      @Nullable Expression where,
      @Nullable Expression projection)
      implements Expression {}

  record PatternComprehension(
      Span span, PatternPart pattern, @Nullable Expression where, Expression projection)
      implements Expression {}

  /// `all(x IN list WHERE …)`
  record Quantifier(Span span, Kind kind, String variable, Expression list, Expression where)
      implements Expression {
    public enum Kind {
      ALL,
      ANY,
      NONE,
      SINGLE
    }
  }

  record Reduce(
      Span span,
      String accumulator,
      Expression start,
      String variable,
      Expression list,
      Expression step)
      implements Expression {}

  /// A pattern as a condition: `(a)-->(b)`
  record PatternPredicate(Span span, PatternPart pattern) implements Expression {}

  /// `shortestPath((a)-[*]-(b))`, which is one path or null, or `allShortestPaths(…)`, a list.
  record ShortestPath(Span span, PatternPart pattern) implements Expression {}

  /// `EXISTS { … }`, `COUNT { … }`, `COLLECT { … }`
  ///
  /// @param text as it was written
  record Subquery(Span span, Kind kind, Query query, String text) implements Expression {
    public enum Kind {
      EXISTS,
      COUNT,
      COLLECT
    }
  }

  /// `n {.name, .*, total: 3}`
  record MapProjection(Span span, Expression of, List<Item> items) implements Expression {
    /// @param key null for `.*`
    /// @param value null for `.key` and `.*`
    public record Item(@Nullable String key, @Nullable Expression value) {}
  }
}
