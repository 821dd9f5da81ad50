package dev.quarry.storage.page;

import java.util.Arrays;

/// A growing array of longs.
final class LongStack {
  private long[] items = new long[0];
  private int size;

  void push(long item) {
    if (size == items.length) {
      items = Arrays.copyOf(items, Math.max(16, size * 2));
    }
    items[size++] = item;
  }

  long get(int i) {
    assert i < size : i + " of " + size;
    return items[i];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void clear() {
    size = 0;
    items = new long[0];
  }
}
