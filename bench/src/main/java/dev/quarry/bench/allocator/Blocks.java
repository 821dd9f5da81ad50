package dev.quarry.bench.allocator;

/// The blocks that one thread has of an allocator, by number.
///
/// Whoever implements it keeps a table of what it needs of each block, so that a loop sees neither
/// addresses nor objects. A number has a block from [#allocate] to [#free]. Threads: the one that
/// made it, up to [#close].
interface Blocks extends AutoCloseable {
  /// What [#heldBytes] says where an allocator cannot tell.
  long UNKNOWN = -1;

  /// Allocates a block. Its bytes may be anything.
  ///
  /// @param bytes at least 8
  void allocate(int block, int bytes);

  void free(int block);

  /// Frees the blocks from 0 on, at once where the allocator can.
  default void freeAll(int count) {
    for (int block = 0; block < count; block++) {
      free(block);
    }
  }

  /// Writes 8 bytes into a block.
  void putLong(int block, int offset, long value);

  /// Reads 8 bytes of a block.
  long getLong(int block, int offset);

  /// Bytes that the allocator holds, what is free in it included, or [#UNKNOWN].
  default long heldBytes() {
    return UNKNOWN;
  }

  /// Bytes of blocks in use by what the allocator makes of a size, or [#UNKNOWN].
  default long roundedBytes() {
    return UNKNOWN;
  }

  /// Gives everything back. All blocks were freed before.
  @Override
  void close();
}
