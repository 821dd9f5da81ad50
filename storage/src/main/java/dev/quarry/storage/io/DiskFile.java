package dev.quarry.storage.io;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/// An open file: positional reads and writes, barriers, read-only maps. Threads: any.
///
/// Every failure is a [StoreIoException][dev.quarry.error.StoreIoException] that names the file.
public interface DiskFile extends AutoCloseable {
  /// Bytes of a block for [#writeThrough].
  int BLOCK = 4096;

  Path path();

  /// Fills the buffer from `position` on; the end of the file before that is an error.
  void read(ByteBuffer target, long position);

  /// Writes the whole buffer at `position`, growing the file as needed.
  void write(ByteBuffer source, long position);

  /// The barrier: on return all that was written before is durable. Never retried after a failure,
  /// since nobody knows then what the file holds; so its failure is never
  /// [STORE_DISK_FULL][dev.quarry.error.ErrorCode#STORE_DISK_FULL], which promises more.
  void force();

  /// Writes whole blocks within the file so that they are durable on return: as [#write] and
  /// [#force] do, in one step where the system can. A failure is that of a barrier or of a write.
  ///
  /// @param blocks at an address that is a multiple of [#BLOCK], as is what remains of it
  /// @param position a multiple of [#BLOCK]
  default void writeThrough(ByteBuffer blocks, long position) {
    write(blocks, position);
    force();
  }

  long size();

  /// Cuts the file to `size` bytes, or grows it with zeros.
  void truncate(long size);

  /// Maps a range read-only; the map lives until this file is closed. Later writes show in it.
  MemorySegment map(long position, long bytes);

  /// Closes the file and its maps. Idempotent.
  @Override
  void close();
}
