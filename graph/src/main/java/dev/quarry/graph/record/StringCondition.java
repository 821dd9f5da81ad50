package dev.quarry.graph.record;

/// What is asked of strings, one by one.
public interface StringCondition {
  /// Whether it may hold for a string, by what its cell says without looking elsewhere.
  ///
  /// @param head the first 8 bytes of a cell: length, and the first 4 bytes or zeros
  boolean mayHold(long head);

  /// Whether it holds for a string.
  ///
  /// @param address of its UTF-8 bytes
  boolean holds(long address, int bytes);
}
