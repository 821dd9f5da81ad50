package dev.quarry.graph.catalog;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;

/// How far the sweep of what dropped regions left is: one page, changed like all others.
///
/// ```text
/// byte 0         8                     16                32        40
///      ┌─────────┬─────────────────────┬─────────────────┬─────────┬──────┐
///      │ stage   │ number in the stage │ slot and high,  │ low, or │ zero │
///      │         │                     │ or order, hash  │ record  │      │
///      └─────────┴─────────────────────┴─────────────────┴─────────┴──────┘
/// ```
///
/// High and low are the words of the next entry in the list of the slot. Used by the writer's
/// thread.
public final class SweepPosition {
  static final int BYTES = 40;

  private final PageTransaction transaction;
  private final int space;

  public SweepPosition(PageTransaction transaction, int space) {
    this.transaction = transaction;
    this.space = space;
  }

  /// Which kind of thing is swept.
  public int stage() {
    return (int) read(0);
  }

  /// Which arena, or which index.
  public int number() {
    return (int) read(8);
  }

  /// The next slot of the arena; of an index the first word of its next key.
  public long slot() {
    return read(16);
  }

  /// The second word of the next key; of a list the first word of its next entry.
  public long hash() {
    return read(24);
  }

  /// The record of the next entry; of a list the second word of its next entry.
  public long record() {
    return read(32);
  }

  public void put(int stage, int number, long slot) {
    put(stage, number, slot, 0, 0);
  }

  public void put(int stage, int number, long order, long hash, long record) {
    long at = transaction.writable(space, 0);
    Memory.putLong(at, stage);
    Memory.putLong(at + 8, number);
    Memory.putLong(at + 16, order);
    Memory.putLong(at + 24, hash);
    Memory.putLong(at + 32, record);
  }

  private long read(int offset) {
    return Memory.getLong(transaction.table(space).address(0) + offset);
  }
}
