package dev.quarry.graph.index;

import dev.quarry.graph.record.PropertySink;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;

/// Looks at one property and says whether it is what a [Lookup] wants. Numbers and strings make no
/// objects. Used by one thread at a time.
public abstract sealed class Condition implements PropertySink
    permits EqualCondition, RangeCondition, PrefixCondition {
  private static final int FIRST_BUFFER = 64;
  private static final byte[] NONE = {};

  private boolean passed;
  private byte[] buffer = NONE;

  /// Whether the value that was given last is wanted.
  public final boolean passed() {
    return passed;
  }

  abstract boolean accepts(long value);

  abstract boolean accepts(double value);

  /// @param utf8 its first `length` bytes are the text
  abstract boolean accepts(byte[] utf8, int length);

  abstract boolean accepts(Object value);

  @Override
  public final void absent() {
    passed = false;
  }

  @Override
  public final void bool(boolean value) {
    passed = accepts((Object) value);
  }

  @Override
  public final void integer(long value) {
    passed = accepts(value);
  }

  @Override
  public final void floating(double value) {
    passed = accepts(value);
  }

  @Override
  public final void text(long address, int bytes) {
    if (buffer.length < bytes) {
      buffer = new byte[Math.max(Math.max(bytes, FIRST_BUFFER), buffer.length * 2)];
    }
    Memory.getBytes(address, buffer, 0, bytes);
    passed = accepts(buffer, bytes);
  }

  @Override
  public final void encoded(long address, int bytes) {
    byte[] copy = new byte[bytes];
    Memory.getBytes(address, copy, 0, bytes);
    Object value = ValueCodec.decode(copy);
    switch (value) { // a value of another kind than its column's
      case Long number -> passed = accepts((long) number);
      case Double number -> passed = accepts((double) number);
      case String text -> {
        byte[] utf8 = ValueCodec.utf8(text);
        passed = accepts(utf8, utf8.length);
      }
      default -> passed = accepts(value);
    }
  }
}
