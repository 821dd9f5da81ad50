package dev.quarry.query.execute;

import dev.quarry.graph.record.StringCondition;
import dev.quarry.query.syntax.Expression.Comparison.Operator;
import dev.quarry.query.value.Cell;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.List;

/// A condition on strings: all of some comparisons with constants hold, or one of them.
///
/// Strings are ordered by their bytes in UTF-8. A constant that is no string differs from all of
/// them, and is neither less nor greater.
final class TextCondition implements StringCondition {
  private final List<Term> terms = new ArrayList<>();
  private final Scratch kept;
  private final boolean any;

  /// A comparison of a string with a constant.
  ///
  /// @param never it holds for none, whatever the constant
  /// @param always it holds for all
  /// @param head what a cell begins with that holds the constant, see [StringCondition]
  private record Term(
      Operator operator, boolean never, boolean always, long head, long address, int bytes) {
    boolean mayHold(long other) {
      return !never && (always || operator != Operator.EQUAL || head == other);
    }

    boolean holds(long otherAddress, int otherBytes) {
      if (never || always) {
        return always;
      }
      int order = Memory.compareBytes(otherAddress, otherBytes, address, bytes);
      return switch (operator) {
        case EQUAL -> order == 0;
        case NOT_EQUAL -> order != 0;
        case LESS -> order < 0;
        case LESS_OR_EQUAL -> order <= 0;
        case GREATER -> order > 0;
        case GREATER_OR_EQUAL -> order >= 0;
      };
    }
  }

  /// @param kept memory for constants
  /// @param any whether one comparison is enough
  TextCondition(Scratch kept, boolean any) {
    this.kept = kept;
    this.any = any;
  }

  /// Adds a comparison with a constant.
  ///
  /// @param constantHead of the constant, see [Cell]
  void add(Operator operator, long constantHead, long body) {
    int tag = Cell.tag(constantHead);
    if (tag != Cell.STRING) {
      boolean always = tag != Cell.NULL && operator == Operator.NOT_EQUAL;
      terms.add(new Term(operator, !always, always, 0, 0, 0));
      return;
    }
    int bytes = Cell.size(constantHead);
    long copy = kept.allocate(Math.max(4, bytes));
    Memory.putInt(copy, 0);
    Memory.copy(body, copy, bytes);
    long head = bytes | (long) Memory.getInt(copy) << 32;
    terms.add(new Term(operator, false, false, head, copy, bytes));
  }

  @Override
  public boolean mayHold(long head) {
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i).mayHold(head) == any) {
        return any;
      }
    }
    return !any;
  }

  @Override
  public boolean holds(long address, int bytes) {
    for (int i = 0; i < terms.size(); i++) {
      if (terms.get(i).holds(address, bytes) == any) {
        return any;
      }
    }
    return !any;
  }
}
