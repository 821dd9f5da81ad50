package dev.quarry.query.evaluate;

import com.google.re2j.Pattern;
import dev.quarry.error.Span;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Memory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Conditions: three-valued logic, comparisons, tests of text and lists.
final class LogicEvaluators {
  private LogicEvaluators() {}

  private static int truth(Evaluator value, Span span) {
    if (value.isNull()) {
      return Relations.UNKNOWN;
    }
    if (value.head != Cell.BOOLEAN) {
      throw Failures.type("a condition must be a boolean", value.head, span);
    }
    return (int) value.body;
  }

  static final class Junction extends Evaluator {
    private final Expression.Junction.Kind kind;
    private final Evaluator[] terms;
    private final Span[] spans;

    Junction(Expression.Junction.Kind kind, Evaluator[] terms, Span[] spans) {
      this.kind = kind;
      this.terms = terms;
      this.spans = spans;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      switch (kind) {
        case AND -> decide(batch, row, 0);
        case OR -> decide(batch, row, 1);
        case XOR -> exclusive(batch, row);
      }
    }

    /// One term that is `decisive` decides; else null if any is null.
    private void decide(Batch batch, int row, int decisive) {
      int result = 1 - decisive;
      for (int i = 0; i < terms.length; i++) {
        terms[i].evaluate(batch, row);
        int truth = truth(terms[i], spans[i]);
        if (truth == decisive) {
          setBoolean(decisive == 1);
          return;
        }
        result = truth == Relations.UNKNOWN ? truth : result;
      }
      setTernary(result);
    }

    private void exclusive(Batch batch, int row) {
      int result = 0;
      for (int i = 0; i < terms.length; i++) {
        terms[i].evaluate(batch, row);
        int truth = truth(terms[i], spans[i]);
        boolean unknown = truth == Relations.UNKNOWN || result == Relations.UNKNOWN;
        result = unknown ? Relations.UNKNOWN : result ^ truth;
      }
      setTernary(result);
    }
  }

  static final class Not extends Evaluator {
    private final Evaluator operand;
    private final Span span;

    Not(Evaluator operand, Span span) {
      this.operand = operand;
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      operand.evaluate(batch, row);
      int truth = truth(operand, span);
      setTernary(truth == Relations.UNKNOWN ? truth : 1 - truth);
    }
  }

  static final class Comparison extends Evaluator {
    private final Evaluator[] terms;
    private final List<Expression.Comparison.Operator> operators;

    Comparison(Evaluator[] terms, List<Expression.Comparison.Operator> operators) {
      this.terms = terms;
      this.operators = operators;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      terms[0].evaluate(batch, row);
      int result = 1;
      for (int i = 1; i < terms.length; i++) {
        terms[i].evaluate(batch, row);
        int one = compare(operators.get(i - 1), terms[i - 1], terms[i]);
        if (one == 0) {
          setBoolean(false);
          return;
        }
        result = one == Relations.UNKNOWN ? one : result;
      }
      setTernary(result);
    }

    private static int compare(Expression.Comparison.Operator operator, Evaluator a, Evaluator b) {
      switch (operator) {
        case EQUAL -> {
          return Relations.equal(a.head, a.body, b.head, b.body);
        }
        case NOT_EQUAL -> {
          int equal = Relations.equal(a.head, a.body, b.head, b.body);
          return equal == Relations.UNKNOWN ? equal : 1 - equal;
        }
        default -> {}
      }
      boolean bothNumbers = Cell.isNumber(a.tag()) && Cell.isNumber(b.tag());
      if (bothNumbers && (isNaN(a) || isNaN(b))) {
        return 0;
      }
      int order = Relations.compare(a.head, a.body, b.head, b.body);
      if (order == Integer.MIN_VALUE) {
        return Relations.UNKNOWN;
      }
      boolean holds =
          switch (operator) {
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            default -> order >= 0;
          };
      return holds ? 1 : 0;
    }

    private static boolean isNaN(Evaluator value) {
      return value.tag() == Cell.FLOAT && Double.isNaN(Double.longBitsToDouble(value.body));
    }
  }

  static final class IsNull extends Evaluator {
    private final Evaluator operand;
    private final boolean negated;

    IsNull(Evaluator operand, boolean negated) {
      this.operand = operand;
      this.negated = negated;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      operand.evaluate(batch, row);
      setBoolean(operand.isNull() != negated);
    }
  }

  static final class In extends Evaluator {
    private final Evaluator element;
    private final Evaluator list;
    private final Pace pace;
    private final Span span;

    In(Evaluator element, Evaluator list, Pace pace, Span span) {
      this.element = element;
      this.list = list;
      this.pace = pace;
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      element.evaluate(batch, row);
      list.evaluate(batch, row);
      if (list.isNull()) {
        setNull();
        return;
      }
      if (list.tag() != Cell.LIST) {
        throw Failures.type("IN needs a list", list.head, span);
      }
      int result = 0;
      for (long i = 0; i < Cell.size(list.head); i++) {
        pace.step();
        long at = list.body + i * Cell.BYTES;
        int equal = Relations.equal(element.head, element.body, Cell.head(at), Cell.body(at));
        if (equal == 1) {
          setBoolean(true);
          return;
        }
        result = equal == Relations.UNKNOWN ? equal : result;
      }
      setTernary(result);
    }
  }

  static final class TextMatch extends Evaluator {
    /// Characters of a pattern that cost a step at each character of the text.
    private static final int CHARACTERS_OF_STEP = 16;

    private final Expression.TextMatch.Kind kind;
    private final Evaluator text;
    private final Evaluator pattern;
    private final Pace pace;
    private final Span span;
    private @Nullable String compiledFrom;
    private @Nullable Pattern compiled;

    TextMatch(
        Expression.TextMatch.Kind kind, Evaluator text, Evaluator pattern, Pace pace, Span span) {
      this.kind = kind;
      this.text = text;
      this.pattern = pattern;
      this.pace = pace;
      this.span = span;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      text.evaluate(batch, row);
      pattern.evaluate(batch, row);
      if (text.tag() != Cell.STRING || pattern.tag() != Cell.STRING) {
        setNull();
        return;
      }
      int length = Cell.size(text.head);
      int wanted = Cell.size(pattern.head);
      switch (kind) {
        case STARTS_WITH ->
            setBoolean(wanted <= length && Memory.equal(text.body, pattern.body, wanted));
        case ENDS_WITH ->
            setBoolean(
                wanted <= length
                    && Memory.equal(text.body + length - wanted, pattern.body, wanted));
        case CONTAINS -> setBoolean(contains(length, wanted));
        case REGULAR_EXPRESSION -> setBoolean(matches(wanted));
      }
    }

    private boolean contains(int length, int wanted) {
      for (int from = 0; from + wanted <= length; from++) {
        pace.bytes(wanted);
        if (Memory.equal(text.body + from, pattern.body, wanted)) {
          return true;
        }
      }
      return false;
    }

    private boolean matches(int wanted) {
      String source = Border.text(pattern.head, pattern.body);
      Pattern matcher = compiled;
      if (matcher == null || !source.equals(compiledFrom)) {
        matcher = RegularExpressions.compile(source, span);
        compiled = matcher;
        compiledFrom = source;
      }
      pace.bytes(Cell.size(text.head));
      String subject = Border.text(text.head, text.body);
      int steps = 1 + wanted / CHARACTERS_OF_STEP;
      return matcher.matcher(new PacedText(subject, pace, steps)).matches();
    }
  }

  static final class Case extends Evaluator {
    private final @Nullable Evaluator subject;
    private final Evaluator[] conditions;
    private final Evaluator[] results;
    private final @Nullable Evaluator otherwise;

    Case(
        @Nullable Evaluator subject,
        Evaluator[] conditions,
        Evaluator[] results,
        @Nullable Evaluator otherwise) {
      this.subject = subject;
      this.conditions = conditions;
      this.results = results;
      this.otherwise = otherwise;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      if (subject != null) {
        subject.evaluate(batch, row);
      }
      for (int i = 0; i < conditions.length; i++) {
        Evaluator condition = conditions[i];
        condition.evaluate(batch, row);
        boolean chosen =
            subject == null
                ? condition.isTrue()
                : Relations.equal(subject.head, subject.body, condition.head, condition.body) == 1;
        if (chosen) {
          results[i].evaluate(batch, row);
          setFrom(results[i]);
          return;
        }
      }
      if (otherwise == null) {
        setNull();
      } else {
        otherwise.evaluate(batch, row);
        setFrom(otherwise);
      }
    }
  }

  /// Whether a relationship, or all of a list, differ from all others.
  static final class Differ extends Evaluator {
    private final Evaluator[] relationships;

    /// @param relationships the first is compared with all others
    Differ(Evaluator[] relationships) {
      this.relationships = relationships;
    }

    @Override
    public void evaluate(Batch batch, int row) {
      Evaluator first = relationships[0];
      first.evaluate(batch, row);
      boolean differ = true;
      for (int i = 1; differ && i < relationships.length; i++) {
        Evaluator other = relationships[i];
        other.evaluate(batch, row);
        differ = differ(first.head, first.body, other.head, other.body);
      }
      setBoolean(differ);
    }

    private static boolean differ(long headA, long bodyA, long headB, long bodyB) {
      if (Cell.tag(headA) == Cell.LIST) {
        for (long i = 0; i < Cell.size(headA); i++) {
          long at = bodyA + i * Cell.BYTES;
          if (!differ(Cell.head(at), Cell.body(at), headB, bodyB)) {
            return false;
          }
        }
        return true;
      }
      if (Cell.tag(headB) == Cell.LIST) {
        return differ(headB, bodyB, headA, bodyA);
      }
      return !Relations.equivalent(headA, bodyA, headB, bodyB);
    }
  }
}
