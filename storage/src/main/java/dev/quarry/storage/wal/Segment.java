package dev.quarry.storage.wal;

import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// One file of the log: a header of 512 bytes, then batches up to its fixed size.
///
/// ```text
/// byte 0       8      24            32      40          48     52           512
///      ┌───────┬──────┬─────────────┬───────┬───────────┬──────┬────────────┬─────────┬───
///      │ magic │ UUID │ incarnation │ number│ first LSN │ CRC  │ zeros      │ batch 0 │ …
///      └───────┴──────┴─────────────┴───────┴───────────┴──────┴────────────┴─────────┴───
/// ```
///
/// It is filled with zeros, or with batches of an earlier segment, and forced before its first
/// batch, so that a commit changes no metadata of the file system. Without a header it is no part
/// of the log. Header and batches have sectors of their own: a write that is torn in one sector
/// damages nothing that was durable before.
final class Segment implements AutoCloseable {
  static final int HEADER = 512;
  private static final long MAGIC = 0x01004C4157515251L;
  private static final int CRC = 48;
  private static final int ZEROS = 1 << 16;
  private static final long STEP = 1 << 20;
  private static final int LSN_BITS = 60; // so that no end overflows

  final DiskFile file;
  final long incarnation;
  final long number;
  final long firstLsn;
  final long size;

  private Segment(DiskFile file, long incarnation, long number, long firstLsn, long size) {
    this.file = file;
    this.incarnation = incarnation;
    this.number = number;
    this.firstLsn = firstLsn;
    this.size = size;
  }

  static Segment create(
      Disk disk, Path path, UUID store, long incarnation, long number, long firstLsn, long size) {
    DiskFile file = disk.open(path, true, true);
    try {
      fill(file, 0, size);
    } catch (RuntimeException e) {
      giveUp(disk, file, e);
      throw e;
    }
    return begin(disk, file, store, incarnation, number, firstLsn, size);
  }

  /// A file of zeros for a segment to come, durable. A barrier now and then keeps those short that
  /// commits call meanwhile.
  static DiskFile prepare(Disk disk, Path path, long size) {
    DiskFile file = disk.open(path, true, true);
    try {
      for (long at = 0; at < size; at += STEP) {
        fill(file, at, Math.min(at + STEP, size));
        file.force();
      }
      forceName(disk, file);
      return file;
    } catch (RuntimeException e) {
      giveUp(disk, file, e);
      throw e;
    }
  }

  private static void fill(DiskFile file, long from, long to) {
    ByteBuffer zeros = ByteBuffer.allocate(ZEROS);
    for (long at = from; at < to; at += ZEROS) {
      file.write(zeros.clear().limit((int) Math.min(ZEROS, to - at)), at);
    }
  }

  /// Begins a segment in a file that has its size: of zeros, or of another segment that nobody
  /// needs any more. It is not cleared.
  static Segment begin(
      Disk disk,
      DiskFile file,
      UUID store,
      long incarnation,
      long number,
      long firstLsn,
      long size) {
    try {
      file.write(header(store, incarnation, number, firstLsn), 0);
      file.force();
      forceName(disk, file);
      return new Segment(file, incarnation, number, firstLsn, size);
    } catch (RuntimeException e) {
      giveUp(disk, file, e);
      throw e;
    }
  }

  private static void forceName(Disk disk, DiskFile file) {
    Path folder = file.path().toAbsolutePath().getParent();
    disk.forceDirectory(folder == null ? file.path() : folder);
  }

  /// Takes back what could not be made whole: it would only use up the space of a full disk.
  private static void giveUp(Disk disk, DiskFile file, RuntimeException cause) {
    file.close();
    try {
      disk.delete(file.path());
    } catch (StoreIoException left) {
      cause.addSuppressed(left); // the next opening removes it
    }
  }

  /// Opens a segment; null if its header is not whole or of another store.
  static @Nullable Segment open(Disk disk, Path path, UUID store) {
    DiskFile file = disk.open(path, false, false);
    try {
      Segment segment = read(file, store);
      if (segment == null) {
        file.close();
      }
      return segment;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static @Nullable Segment read(DiskFile file, UUID store) {
    long size = file.size();
    if (size < HEADER) {
      return null;
    }
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    file.read(header, 0);
    long incarnation = header.getLong(24);
    long number = header.getLong(32);
    long firstLsn = header.getLong(40);
    boolean whole = header.rewind().equals(header(store, incarnation, number, firstLsn));
    boolean possible = firstLsn >>> LSN_BITS == 0 && size <= Integer.MAX_VALUE;
    return whole && possible ? new Segment(file, incarnation, number, firstLsn, size) : null;
  }

  /// The identity of the store that a segment belongs to; null if its header is not whole.
  static @Nullable UUID storeOf(Disk disk, Path path) {
    try (DiskFile file = disk.open(path, false, false)) {
      if (file.size() < HEADER) {
        return null;
      }
      ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
      file.read(header, 0);
      UUID store = new UUID(header.getLong(8), header.getLong(16));
      ByteBuffer whole = header(store, header.getLong(24), header.getLong(32), header.getLong(40));
      return header.rewind().equals(whole) ? store : null;
    }
  }

  /// The size of a segment with room for some bytes of batches: whole blocks of the disk.
  static long bytesFor(long batches) {
    return (HEADER + batches + DiskFile.BLOCK - 1) & -DiskFile.BLOCK;
  }

  /// Overwrites a part with zeros, durably.
  void clear(long fromLsn, long toLsn) {
    fill(file, offset(fromLsn), offset(toLsn));
    file.force();
  }

  /// Where the batch with an LSN begins in the file.
  long offset(long lsn) {
    return HEADER + lsn - firstLsn;
  }

  long endLsn() {
    return firstLsn + size - HEADER;
  }

  /// Fills the buffer with what lies in the file from an LSN on.
  void read(ByteBuffer target, long lsn) {
    file.read(target, offset(lsn));
  }

  private static ByteBuffer header(UUID store, long incarnation, long number, long firstLsn) {
    ByteBuffer header = ByteBuffer.allocate(HEADER).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(MAGIC).putLong(store.getMostSignificantBits());
    header.putLong(store.getLeastSignificantBits());
    header.putLong(incarnation).putLong(number).putLong(firstLsn);
    CRC32C crc = new CRC32C();
    crc.update(header.array(), 0, CRC);
    return header.putInt((int) crc.getValue()).rewind();
  }

  @Override
  public void close() {
    file.close();
  }
}
