package dev.quarry.query.execute;

import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Pace;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Entries by key, in native memory; they keep the order in which they came.
///
/// ```text
/// entry  0          8          16         24                 24 + 16 keys
///       ┌──────────┬──────────┬──────────┬──────────────────┬──────────────────────┐
///       │ next in  │ next in  │ hash     │ cells of the key │ state, zeros at first │
///       │ bucket   │ order    │          │                  │                      │
///       └──────────┴──────────┴──────────┴──────────────────┴──────────────────────┘
/// ```
///
/// Keys are equal where they are *equivalent* (null like null, 1 like 1.0).
final class GroupTable {
  private static final int FIRST_BUCKETS = 64;
  private static final int HEADER = 24;

  private final Scratch scratch;
  private final int keys;
  private final int stateBytes;
  private long buckets;
  private long mask;
  private long first;
  private long last;
  private long count;
  private boolean added;

  GroupTable(Scratch scratch, int keys, int stateBytes) {
    this.scratch = scratch;
    this.keys = keys;
    this.stateBytes = stateBytes;
    clear();
  }

  /// Forgets all entries; the scratch must have been reset.
  void clear() {
    int size = keys == 0 ? 1 : FIRST_BUCKETS; // without keys there is one group
    mask = size - 1;
    buckets = scratch.allocateZeroed(size * 8L);
    first = 0;
    last = 0;
    count = 0;
  }

  /// The state of the entry with a key, made if there is none.
  ///
  /// @param key address of the cells of the key; they are copied
  long find(long key) {
    long hash = hash(key);
    long bucket = buckets + (hash & mask) * 8;
    for (long entry = Memory.getLong(bucket); entry != 0; entry = Memory.getLong(entry)) {
      if (Memory.getLong(entry + 16) == hash && equivalent(entry + HEADER, key)) {
        added = false;
        return state(entry);
      }
    }
    added = true;
    return state(add(hash, key));
  }

  /// Whether the last [#find] made an entry.
  boolean added() {
    return added;
  }

  /// The first entry, 0 if there is none.
  long first() {
    return first;
  }

  long next(long entry) {
    return Memory.getLong(entry + 8);
  }

  /// The cells of the key of an entry.
  long key(long entry) {
    return entry + HEADER;
  }

  long state(long entry) {
    return entry + HEADER + (long) keys * Cell.BYTES;
  }

  private long add(long hash, long key) {
    if (count > mask) {
      grow();
    }
    long entry = scratch.allocate(HEADER + (long) keys * Cell.BYTES + stateBytes);
    long bucket = buckets + (hash & mask) * 8;
    Memory.putLong(entry, Memory.getLong(bucket));
    Memory.putLong(bucket, entry);
    Memory.putLong(entry + 8, 0);
    Memory.putLong(entry + 16, hash);
    for (long i = 0; i < keys; i++) {
      long cell = key + i * Cell.BYTES;
      Cell.retain(Cell.head(cell), Cell.body(cell), entry + HEADER + i * Cell.BYTES, scratch);
    }
    Memory.fill(state(entry), stateBytes, (byte) 0);
    if (last == 0) {
      first = entry;
    } else {
      Memory.putLong(last + 8, entry);
    }
    last = entry;
    count++;
    return entry;
  }

  private void grow() {
    long size = (mask + 1) * 4;
    mask = size - 1;
    buckets = scratch.allocateZeroed(size * 8);
    Pace pace = Pace.current();
    for (long entry = first; entry != 0; entry = next(entry)) {
      pace.step();
      long bucket = buckets + (Memory.getLong(entry + 16) & mask) * 8;
      Memory.putLong(entry, Memory.getLong(bucket));
      Memory.putLong(bucket, entry);
    }
  }

  private long hash(long key) {
    long hash = keys;
    for (long i = 0; i < keys; i++) {
      long cell = key + i * Cell.BYTES;
      hash = Memory.mix(hash * 31 + Relations.hash(Cell.head(cell), Cell.body(cell)));
    }
    return hash;
  }

  private boolean equivalent(long a, long b) {
    for (long i = 0; i < keys; i++) {
      long left = a + i * Cell.BYTES;
      long right = b + i * Cell.BYTES;
      long head = Cell.head(left);
      long body = Cell.body(left);
      boolean same = head == Cell.head(right) && body == Cell.body(right);
      if (!same && !Relations.equivalent(head, body, Cell.head(right), Cell.body(right))) {
        return false;
      }
    }
    return true;
  }
}
