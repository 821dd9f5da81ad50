package dev.quarry.graph.index;

import java.util.Arrays;

/// Accepts strings that begin with a prefix.
final class PrefixCondition extends Condition {
  private final byte[] prefix;

  PrefixCondition(byte[] prefix) {
    this.prefix = prefix;
  }

  @Override
  boolean accepts(long value) {
    return false;
  }

  @Override
  boolean accepts(double value) {
    return false;
  }

  @Override
  boolean accepts(byte[] utf8, int length) {
    return length >= prefix.length
        && Arrays.equals(utf8, 0, prefix.length, prefix, 0, prefix.length);
  }

  @Override
  boolean accepts(Object value) {
    return false;
  }
}
