package dev.quarry.query.evaluate;

import com.google.re2j.Pattern;
import dev.quarry.error.Span;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Relations;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import org.jspecify.annotations.Nullable;

/// Conditions: three-valued logic, tests of text and lists.
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

  /// Whether all values are truths: no row would be refused.
  private static boolean holdsTruths(Vector values) {
    return values.tag() == Cell.BOOLEAN || values.tag() == Cell.NULL;
  }

  private static int truth(Vector truths, int row) {
    return truths.isNull(row) ? Relations.UNKNOWN : (int) truths.body(row);
  }

  /// @param truth 0, 1 or [Relations#UNKNOWN]
  static void putTruth(Vector truths, int row, int truth) {
    if (truth == Relations.UNKNOWN) {
      truths.putNull(row);
    } else {
      truths.put(row, Cell.BOOLEAN, truth);
    }
  }

  static final class Junction extends Evaluator {
    private final Expression.Junction.Kind kind;
    private final Evaluator[] terms;
    private final Span[] spans;
    private final Vector[] vectors;
    private final Vector truths;

    Junction(
        Expression.Junction.Kind kind, Evaluator[] terms, Span[] spans, EvaluationContext context) {
      this.kind = kind;
      this.terms = terms;
      this.spans = spans;
      this.vectors = new Vector[terms.length];
      this.truths = new Vector(context.constants());
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

    @Override
    @Nullable Vector vector(Batch batch) {
      if (kind == Expression.Junction.Kind.XOR) {
        return null;
      }
      for (int i = 0; i < terms.length; i++) {
        Vector term = terms[i].evaluateAll(batch);
        if (term == null || !holdsTruths(term)) {
          return null;
        }
        vectors[i] = term;
      }
      int decisive = kind == Expression.Junction.Kind.AND ? 0 : 1;
      truths.begin(batch.size());
      for (int row = 0; row < batch.size(); row++) {
        putTruth(truths, row, decide(row, decisive));
      }
      return truths;
    }

    private int decide(int row, int decisive) {
      int result = 1 - decisive;
      for (Vector term : vectors) {
        int truth = truth(term, row);
        if (truth == decisive) {
          return truth;
        }
        result = truth == Relations.UNKNOWN ? truth : result;
      }
      return result;
    }
  }

  static final class Not extends Evaluator {
    private final Evaluator operand;
    private final Span span;
    private final Vector truths;

    Not(Evaluator operand, Span span, EvaluationContext context) {
      this.operand = operand;
      this.span = span;
      this.truths = new Vector(context.constants());
    }

    @Override
    public void evaluate(Batch batch, int row) {
      operand.evaluate(batch, row);
      int truth = truth(operand, span);
      setTernary(truth == Relations.UNKNOWN ? truth : 1 - truth);
    }

    @Override
    @Nullable Vector vector(Batch batch) {
      Vector operands = operand.evaluateAll(batch);
      if (operands == null || !holdsTruths(operands)) {
        return null;
      }
      truths.begin(batch.size());
      for (int row = 0; row < batch.size(); row++) {
        int truth = truth(operands, row);
        putTruth(truths, row, truth == Relations.UNKNOWN ? truth : 1 - truth);
      }
      return truths;
    }
  }

  static final class IsNull extends Evaluator {
    private final Evaluator operand;
    private final boolean negated;
    private final Vector truths;

    IsNull(Evaluator operand, boolean negated, EvaluationContext context) {
      this.operand = operand;
      this.negated = negated;
      this.truths = new Vector(context.constants());
    }

    @Override
    public void evaluate(Batch batch, int row) {
      operand.evaluate(batch, row);
      setBoolean(operand.isNull() != negated);
    }

    @Override
    @Nullable Vector vector(Batch batch) {
      Vector operands = operand.evaluateAll(batch);
      if (operands == null) {
        return null;
      }
      truths.begin(batch.size());
      for (int row = 0; row < batch.size(); row++) {
        putTruth(truths, row, operands.isNull(row) != negated ? 1 : 0);
      }
      return truths;
    }
  }

  static final class In extends Evaluator {
    private final Evaluator element;
    private final Elements list;
    private final Pace pace;
    private final Span span;

    In(Evaluator element, Evaluator list, Pace pace, Span span) {
      this.element = element;
      this.list = new Elements(list);
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
      if (!list.isList()) {
        throw Failures.type("IN needs a list", list.head(), span);
      }
      int size = list.size();
      int result = 0;
      for (long i = 0; i < size; i++) {
        pace.step();
        int equal = Relations.equal(element.head, element.body, list.head(i), list.body(i));
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
