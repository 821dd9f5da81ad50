package dev.quarry.graph.statistics;

import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.record.PropertySink;
import dev.quarry.graph.value.Comparison;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Gathers the values of one property, record by record.
///
/// Equal values have one hash, as in indexes: 1 and 1.0 are one value (rule S14). Extremes are
/// those of the values that can be compared with the first one that was met; NaN is none of them. A
/// long value never becomes an object. Used by one thread.
public final class ColumnSketch implements PropertySink {
  /// Bytes of a text that its extremes keep.
  public static final int TEXT_BYTES = 32;

  /// Values that are no texts become objects if they have at most so many bytes: temporal ones do.
  private static final int MOST_BYTES = 64;

  private final DistinctCounter distinct = new DistinctCounter();
  private long seen;
  private long present;
  private @Nullable Object least;
  private @Nullable Object greatest;

  @Override
  public void absent() {
    seen++;
  }

  @Override
  public void bool(boolean value) {
    add(IndexKey.hash(value));
    extremes(value);
  }

  @Override
  public void integer(long value) {
    add(IndexKey.hash(value));
    if (!(least instanceof Long low
        && greatest instanceof Long high
        && low <= value
        && value <= high)) {
      extremes(value);
    }
  }

  /// Takes integers of many records, as [#integer] does one by one.
  public void integers(long[] values, int count) {
    if (count == 0) {
      return;
    }
    long low = values[0];
    long high = values[0];
    for (int i = 0; i < count; i++) {
      long value = values[i];
      low = Math.min(low, value);
      high = Math.max(high, value);
      distinct.add(IndexKey.hash(value));
    }
    seen += count;
    present += count;
    extremes(low);
    extremes(high);
  }

  @Override
  public void floating(double value) {
    add(IndexKey.hash(value));
    if (!Double.isNaN(value)) {
      extremes(value);
    }
  }

  @Override
  public void text(long address, int bytes) {
    add(Memory.hash(address, bytes));
    extremes(beginning(address, bytes));
  }

  @Override
  public void encoded(long address, int bytes) {
    if (Memory.getByte(address) == Tag.STRING.code()) {
      text(address + 1, bytes - 1);
    } else if (bytes > MOST_BYTES) {
      add(Memory.hash(address, bytes));
    } else {
      byte[] copy = new byte[bytes];
      Memory.getBytes(address, copy, 0, bytes);
      value(ValueCodec.decode(copy));
    }
  }

  private void value(Object value) {
    switch (value) {
      case Boolean truth -> bool(truth);
      case Long number -> integer(number);
      case Double number -> floating(number);
      default -> {
        add(IndexKey.hash(value));
        extremes(value);
      }
    }
  }

  private void add(long hash) {
    seen++;
    present++;
    distinct.add(hash);
  }

  private void extremes(Object value) {
    Object low = least;
    Object high = greatest;
    if (low == null || high == null) {
      if (Comparison.compare(value, value) == 0 && !(value instanceof java.util.List)) {
        least = value;
        greatest = value;
      }
      return;
    }
    int below = Comparison.compare(value, low);
    if (below == Comparison.INCOMPARABLE) {
      return;
    }
    least = below < 0 ? value : low;
    greatest = Comparison.compare(value, high) > 0 ? value : high;
  }

  /// The first characters of a text.
  private static String beginning(long address, int bytes) {
    int length = Math.min(bytes, TEXT_BYTES);
    while (length < bytes && length > 0 && (Memory.getByte(address + length) & 0xC0) == 0x80) {
      length--;
    }
    byte[] copy = new byte[length];
    Memory.getBytes(address, copy, 0, length);
    return new String(copy, StandardCharsets.UTF_8);
  }

  /// How many records were looked at.
  public long seen() {
    return seen;
  }

  /// What was found.
  ///
  /// @param records how many there are; more than were seen if this is a sample
  public ColumnEstimate estimate(int key, long records) {
    if (present == 0) {
      return new ColumnEstimate(key, 0, 0, null, null);
    }
    double scale = Math.max(1, (double) records / seen);
    long all = Math.round(present * scale);
    long found = Math.clamp(distinct.estimate(), 1, present);
    return new ColumnEstimate(key, all, distinctAmong(found, present, all), least, greatest);
  }

  /// How many different values there are among all, if a sample has some: what a number of equally
  /// frequent values would be of which drawing the sample shows that many. By that, a sample
  /// without repeats is one of values that all differ.
  ///
  /// Drawing n of d values shows d (1 - e^(-n/d)) of them (W. Feller, *An Introduction to
  /// Probability Theory* 1, II.5, occupancy).
  static long distinctAmong(long found, long sampled, long all) {
    if (all <= sampled) {
      return found;
    }
    double low = found;
    double high = all;
    for (int i = 0; i < 60; i++) {
      double middle = (low + high) / 2;
      if (middle * -Math.expm1(-sampled / middle) < found) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return Math.round(high);
  }
}
