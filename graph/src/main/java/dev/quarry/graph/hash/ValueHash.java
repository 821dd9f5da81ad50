package dev.quarry.graph.hash;

import dev.quarry.graph.record.PropertySink;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;

/// Hashes the value of a property, the same whether it lies in its column or in the overflow.
///
/// The type is part of the value: 1 and 1.0 differ, though Cypher calls them equal, since a copy
/// that turned one into the other would be no copy. Floats are hashed as Cypher compares them: -0.0
/// like 0.0, and every NaN alike. Bytes that are no value are told as [ValueCodec] tells them. Used
/// by one thread at a time.
final class ValueHash implements PropertySink {
  private static final int TAG_BYTES = 1;
  private static final int LENGTH_BYTES = 4;

  private long hash;

  /// The hash of the last value; 0 if it was absent.
  long hash() {
    return hash;
  }

  @Override
  public void absent() {
    hash = 0;
  }

  @Override
  public void bool(boolean value) {
    hash = of(Tag.BOOLEAN, value ? 1 : 0);
  }

  @Override
  public void integer(long value) {
    hash = of(Tag.INTEGER, value);
  }

  @Override
  public void floating(double value) {
    hash = of(Tag.FLOAT, bits(value));
  }

  @Override
  public void text(long address, int bytes) {
    hash = of(Tag.STRING, Memory.hash(address, bytes));
  }

  @Override
  public void encoded(long address, int bytes) {
    hash = hash(address, bytes, true);
  }

  /// The hash of tag and bytes as [ValueCodec] writes them.
  private static long hash(long address, int bytes, boolean mayBeList) {
    Tag tag = ValueCodec.tag(bytes < TAG_BYTES ? 0 : Memory.getByte(address), bytes);
    long at = address + TAG_BYTES;
    int length = bytes - TAG_BYTES;
    return switch (tag) {
      case BOOLEAN -> of(tag, Memory.getByte(at) != 0 ? 1 : 0);
      case INTEGER -> of(tag, bigEndian(at));
      case FLOAT -> of(tag, bits(Double.longBitsToDouble(bigEndian(at))));
      case POINT -> of(tag, point(at));
      case LIST -> {
        if (!mayBeList) {
          throw ValueCodec.noValue(bytes, "a list of lists", null);
        }
        yield of(tag, list(at, length));
      }
      default -> of(tag, Memory.hash(at, length));
    };
  }

  private static long point(long at) {
    long hash = Memory.getInt(at);
    for (int i = 0; i < 3; i++) {
      hash = Memory.mix(hash) + bits(Double.longBitsToDouble(bigEndian(at + 4 + i * 8L)));
    }
    return hash;
  }

  private static long list(long from, int bytes) {
    long hash = 1;
    long at = from;
    for (int left = bytes; left > 0; ) {
      int length = left < LENGTH_BYTES ? 0 : Integer.reverseBytes(Memory.getInt(at));
      ValueCodec.ensureElement(length, left);
      hash = Memory.mix(hash) + hash(at + LENGTH_BYTES, length, false);
      at += LENGTH_BYTES + length;
      left -= LENGTH_BYTES + length;
    }
    return hash;
  }

  private static long bits(double value) {
    return Double.doubleToLongBits(value == 0 ? 0.0 : value);
  }

  private static long bigEndian(long at) {
    return Long.reverseBytes(Memory.getLong(at));
  }

  private static long of(Tag tag, long payload) {
    return Memory.mix(Memory.mix(payload + 1) + tag.code() * 0x9E3779B97F4A7C15L);
  }
}
