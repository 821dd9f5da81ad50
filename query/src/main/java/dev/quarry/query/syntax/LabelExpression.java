package dev.quarry.query.syntax;

import java.util.List;

/// Which labels or types something must have.
public sealed interface LabelExpression {
  record Name(String name) implements LabelExpression {}

  record And(List<LabelExpression> terms) implements LabelExpression {}

  record Or(List<LabelExpression> terms) implements LabelExpression {}

  record Not(LabelExpression operand) implements LabelExpression {}

  /// `%`: any label at all.
  record Any() implements LabelExpression {}
}
