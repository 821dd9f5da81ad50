package dev.quarry.query.execute;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.error.Span;
import dev.quarry.graph.CypherDuration;
import dev.quarry.query.plan.Function;
import dev.quarry.query.temporal.Durations;
import dev.quarry.query.temporal.TemporalException;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.CellSums;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/// The state of `sum` and `avg`, of numbers or of durations: zeros at first.
///
/// ```text
/// byte 0       8         16          24           32            40
///      ┌───────┬─────────┬───────────┬────────────┬─────────────┐
///      │ count │ FLOAT   │ low half  │ high half  │ sum of      │   numbers
///      │       │ INTEGER │ of the sum of integers │ floats      │
///      ├───────┼─────────┼───────────┼────────────┼─────────────┼─────────────┐
///      │ count │DURATION │ months    │ days       │ seconds     │ nanoseconds │
///      └───────┴─────────┴───────────┴────────────┴─────────────┴─────────────┘
/// ```
///
/// Integers are summed in 128 bits, so whether their sum fits does not depend on the order of rows.
/// The second word is FLOAT as soon as one float was added.
final class Sums {
  static final int BYTES = 48;

  private Sums() {}

  /// Adds a value.
  ///
  /// @param times how often, at least once
  static void add(Function function, long state, long head, long body, long times, Span span) {
    int tag = Cell.tag(head);
    long count = Memory.getLong(state);
    long kind = Memory.getLong(state + 8);
    boolean duration = tag == Cell.DURATION;
    boolean mixed = count > 0 && duration != (kind == Cell.DURATION);
    if (!Cell.isNumber(tag) && !duration || mixed) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_TYPE,
          mixed && (Cell.isNumber(tag) || duration)
              ? function.text() + " cannot mix numbers and durations"
              : function.text() + " needs numbers or durations, not " + Cell.name(tag),
          span,
          null);
    }
    if (duration) {
      addDuration(state, (CypherDuration) Relations.decode(head, body), times, span);
    } else if (tag == Cell.INTEGER) {
      addWide(state, body * times, Math.multiplyHigh(body, times));
      Memory.putLong(state + 8, count == 0 ? tag : kind);
    } else {
      Memory.putDouble(
          state + 32, Memory.getDouble(state + 32) + Double.longBitsToDouble(body) * times);
      Memory.putLong(state + 8, tag);
    }
    Memory.putLong(state, Multiplicity.plus(count, times));
  }

  /// Adds the numbers of all rows, in their order; false if they are not numbers of one type, or
  /// were durations before.
  static boolean addAll(long state, Vector values, int rows) {
    int tag = values.tag();
    if (!takesNumbers(state) || !Cell.isNumber(tag)) {
      return tag == Cell.NULL;
    }
    double floats = floats(state);
    long low = 0;
    long high = 0;
    int added = 0;
    for (int row = 0; row < rows; row++) {
      if (values.isNull(row)) {
        continue;
      }
      added++;
      long body = values.body(row);
      if (tag == Cell.INTEGER) {
        low += body & 0xFFFFFFFFL;
        high += body >> 32;
      } else {
        floats += Double.longBitsToDouble(body);
      }
    }
    if (added > 0 && tag == Cell.INTEGER) {
      addIntegers(state, added, low, high);
    } else if (added > 0) {
      putFloats(state, added, floats);
    }
    return true;
  }

  /// The same, where each row stands for several.
  ///
  /// @param repeats for how many, at least one each
  static boolean addAll(long state, Vector values, Vector repeats, int rows) {
    int tag = values.tag();
    if (!takesNumbers(state) || !Cell.isNumber(tag)) {
      return tag == Cell.NULL;
    }
    if (tag == Cell.INTEGER && !values.hasNulls() && addSmall(state, values, repeats, rows)) {
      return true;
    }
    double floats = floats(state);
    long low = 0;
    long high = 0;
    long added = 0;
    for (int row = 0; row < rows; row++) {
      if (values.isNull(row)) {
        continue;
      }
      long body = values.body(row);
      long times = repeats.body(row);
      added = Multiplicity.plus(added, times);
      if (tag == Cell.INTEGER) {
        long product = body * times;
        low += product;
        boolean carries = Long.compareUnsigned(low, product) < 0;
        high += Math.multiplyHigh(body, times) + (carries ? 1 : 0);
      } else {
        floats += Double.longBitsToDouble(body) * times;
      }
    }
    if (added > 0) {
      long count = Memory.getLong(state);
      long kind = Memory.getLong(state + 8);
      addWide(state, low, high);
      Memory.putDouble(state + 32, floats);
      Memory.putLong(state + 8, tag == Cell.INTEGER && count > 0 ? kind : tag);
      Memory.putLong(state, Multiplicity.plus(count, added));
    }
    return true;
  }

  /// The same of integers, where no sum of so many can exceed 64 bits; false if one may.
  private static boolean addSmall(long state, Vector values, Vector repeats, int rows) {
    int bits = Multiplicity.bits(repeats, rows) + Multiplicity.bits(values, rows);
    if (bits + Multiplicity.bits(rows) > Multiplicity.MOST_BITS) {
      return false;
    }
    long count = Memory.getLong(state);
    addInteger(state, CellSums.sumProducts(values.bodies(), repeats.bodies(), rows));
    Memory.putLong(state + 8, count > 0 ? Memory.getLong(state + 8) : Cell.INTEGER);
    Memory.putLong(state, Multiplicity.plus(count, CellSums.sum(repeats.bodies(), rows)));
    return true;
  }

  /// Adds a sum of integers or of durations.
  ///
  /// @throws OrderMatters if they cannot be mixed: which value is refused depends on the order
  static void join(long state, long part, Span span) {
    long count = Memory.getLong(state);
    long more = Memory.getLong(part);
    long kind = Memory.getLong(part + 8);
    assert kind != Cell.FLOAT : "sums of floats depend on the order of rows";
    if (more == 0) {
      return;
    }
    if (count > 0 && kind != Memory.getLong(state + 8)) {
      throw new OrderMatters();
    }
    if (kind == Cell.DURATION) {
      addDuration(state, duration(part), 1, span);
    } else {
      addWide(state, Memory.getLong(part + 16), Memory.getLong(part + 24));
      Memory.putLong(state + 8, kind);
    }
    Memory.putLong(state, Multiplicity.plus(count, more));
  }

  /// Whether no duration was added so far.
  static boolean takesNumbers(long state) {
    return Memory.getLong(state) == 0 || Memory.getLong(state + 8) != Cell.DURATION;
  }

  /// Adds some integers, whose sum is `low + 2^32 * high`.
  ///
  /// @param count how many, at least one
  /// @param low taken as unsigned
  static void addIntegers(long state, int count, long low, long high) {
    addInteger(state, high << 32);
    Memory.putLong(state + 24, Memory.getLong(state + 24) + (high >> 32) - (high << 32 >> 63));
    addInteger(state, low);
    assert low >= 0 : low;
    if (Memory.getLong(state) == 0) {
      Memory.putLong(state + 8, Cell.INTEGER);
    }
    Memory.putLong(state, Memory.getLong(state) + count);
  }

  /// Adds some integers, whose sum has 128 bits.
  ///
  /// @param count how many, at least one
  static void addIntegers(long state, long count, long[] halves) {
    addWide(state, halves[0], halves[1]);
    if (Memory.getLong(state) == 0) {
      Memory.putLong(state + 8, Cell.INTEGER);
    }
    Memory.putLong(state, Multiplicity.plus(Memory.getLong(state), count));
  }

  /// The sum of the floats that were added so far, never -0.0.
  static double floats(long state) {
    return Memory.getDouble(state + 32);
  }

  /// Some floats were added.
  ///
  /// @param count how many, at least one
  /// @param sum of all floats by now
  static void putFloats(long state, long count, double sum) {
    Memory.putDouble(state + 32, sum);
    Memory.putLong(state + 8, Cell.FLOAT);
    Memory.putLong(state, Multiplicity.plus(Memory.getLong(state), count));
  }

  private static void addInteger(long state, long value) {
    addWide(state, value, value >> 63);
  }

  /// Adds an integer of 128 bits.
  private static void addWide(long state, long lowHalf, long highHalf) {
    long low = Memory.getLong(state + 16);
    long sum = low + lowHalf;
    long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
    Memory.putLong(state + 16, sum);
    Memory.putLong(state + 24, Memory.getLong(state + 24) + highHalf + carry);
  }

  /// By doubling, as the parts of a duration carry over.
  private static void addDuration(long state, CypherDuration value, long times, Span span) {
    try {
      CypherDuration sum = duration(state);
      CypherDuration power = value;
      for (long left = times; left > 0; left >>= 1) {
        sum = (left & 1) == 1 ? Durations.add(sum, power, 1) : sum;
        power = left > 1 ? Durations.add(power, power, 1) : power;
      }
      keep(state, sum);
    } catch (TemporalException e) {
      throw new EvaluationException(
          ErrorCode.TYPE_INVALID_ARGUMENT_VALUE,
          "the sum is too long: " + e.getMessage(),
          span,
          null);
    }
  }

  private static CypherDuration duration(long state) {
    return new CypherDuration(
        Memory.getLong(state + 16),
        Memory.getLong(state + 24),
        Memory.getLong(state + 32),
        (int) Memory.getLong(state + 40));
  }

  private static void keep(long state, CypherDuration sum) {
    Memory.putLong(state + 8, Cell.DURATION);
    Memory.putLong(state + 16, sum.months());
    Memory.putLong(state + 24, sum.days());
    Memory.putLong(state + 32, sum.seconds());
    Memory.putLong(state + 40, sum.nanoseconds());
  }

  /// Writes the sum; 0 of nothing.
  static void sum(long state, long to, Scratch scratch, Span span) {
    long kind = Memory.getLong(state + 8);
    if (kind == Cell.DURATION) {
      Border.put(duration(state), to, scratch);
    } else if (kind == Cell.FLOAT) {
      putFloat(to, integers(state).doubleValue() + Memory.getDouble(state + 32));
    } else {
      long low = Memory.getLong(state + 16);
      if (Memory.getLong(state + 24) != low >> 63) {
        throw new EvaluationException(
            ErrorCode.ARITHMETIC_OVERFLOW,
            "the sum " + integers(state) + " does not fit into an integer of 64 bits",
            span,
            "sum floats: sum(toFloat(…))");
      }
      Cell.put(to, Cell.INTEGER, low);
    }
  }

  /// Writes the average; null of nothing.
  static void average(long state, long to, Scratch scratch) {
    long count = Memory.getLong(state);
    long kind = Memory.getLong(state + 8);
    if (count == 0) {
      Cell.put(to, Cell.NULL, 0);
    } else if (kind == Cell.DURATION) {
      Border.put(Durations.divide(duration(state), count), to, scratch);
    } else if (kind == Cell.FLOAT) {
      putFloat(to, (integers(state).doubleValue() + Memory.getDouble(state + 32)) / count);
    } else {
      putFloat(
          to,
          new BigDecimal(integers(state))
              .divide(BigDecimal.valueOf(count), MathContext.DECIMAL128)
              .doubleValue());
    }
  }

  private static BigInteger integers(long state) {
    BigInteger high = BigInteger.valueOf(Memory.getLong(state + 24)).shiftLeft(64);
    long low = Memory.getLong(state + 16);
    BigInteger lowHalf = BigInteger.valueOf(low);
    return high.add(low < 0 ? lowHalf.add(BigInteger.ONE.shiftLeft(64)) : lowHalf);
  }

  private static void putFloat(long to, double value) {
    Cell.put(to, Cell.FLOAT, Double.doubleToRawLongBits(value));
  }
}
