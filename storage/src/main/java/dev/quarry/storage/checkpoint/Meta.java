package dev.quarry.storage.checkpoint;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.io.DiskFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// A meta block: the root of everything that is durable. The file begins with two of them, written
/// in turn, so that one is always whole.
///
/// ```text
/// byte 0        8       12       16           40       56         64            72      80
///      ┌────────┬───────┬────────┬────────────┬────────┬──────────┬─────────────┬───────┬────────┐
///      │ magic  │version│ flags  │ features×3 │ UUID   │ sequence │ incarnation │ epoch │ commit │
///      ├────────┴─┬─────┴────────┴───┬────────┴────────┴─┬────────┴─────────────┴───────┴────────┘
///   88 │ WAL from │ used places  96  │ space table  104  │ bitmap of used places  128
///      ├──────────┴──────────────────┴───────────────────┴──────────── … ─────────────┬──────────┐
///      │ zeros                                                                        │ CRC32C   │
///      └──────────────────────────────────────────────────────────────────────── 4092 ┴──────────┘
/// ```
///
/// @param version of the format
/// @param clean whether the store was closed; if not, the log from `walLsn` on belongs to it
/// @param sequence rises with every meta block; its parity is the block's number
/// @param incarnation rises with every opening for writing, so that no older log fits
/// @param epoch of the version that was written
/// @param walLsn where the log goes on from this state
/// @param placeCount one more than the highest place in use
public record Meta(
    int version,
    boolean clean,
    long incompatible,
    UUID uuid,
    long sequence,
    long incarnation,
    long epoch,
    long commitNumber,
    long walLsn,
    long placeCount,
    Run spaceTable,
    Run bitmap) {

  public static final int BYTES = 4096;

  /// The version of the format that this code writes.
  public static final int VERSION = 1;

  /// Feature bits that a reader must understand; none exist yet.
  static final long KNOWN_FEATURES = 0;

  private static final long MAGIC = 0x0A1A595252415551L; // "QUARRY", 1A, 0A
  private static final int CRC = 4092;

  /// A contiguous piece of the file with a checksum of its own.
  ///
  /// @param place where it begins, 0 if it is empty
  /// @param bytes its length
  public record Run(long place, int bytes, int checksum) {
    static final Run NONE = new Run(0, 0, 0);

    int places() {
      return (bytes + 4095) >>> 12;
    }
  }

  Meta withSequence(long newSequence) {
    return new Meta(
        version,
        clean,
        incompatible,
        uuid,
        newSequence,
        incarnation,
        epoch,
        commitNumber,
        walLsn,
        placeCount,
        spaceTable,
        bitmap);
  }

  /// Writes the block to its place, without a barrier.
  void write(DiskFile file) {
    ByteBuffer block = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    block.putLong(MAGIC).putInt(version).putInt(clean ? 1 : 0);
    block.putLong(0).putLong(0).putLong(incompatible);
    block.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    block.putLong(sequence).putLong(incarnation).putLong(epoch).putLong(commitNumber);
    block.putLong(walLsn).putLong(placeCount);
    put(block, spaceTable);
    put(block, bitmap);
    block.putInt(CRC, crc(block));
    file.write(block.rewind(), (sequence & 1) * BYTES);
  }

  /// Reads one of the two blocks; null if it is damaged.
  ///
  /// @throws StoreOpenException if it is whole, but of a format that this code does not know
  static @Nullable Meta read(DiskFile file, int number) {
    ByteBuffer block = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(block, (long) number * BYTES);
    block.rewind();
    if (block.getLong(0) != MAGIC || block.getInt(CRC) != crc(block)) {
      return null;
    }
    block.position(8);
    int version = block.getInt();
    boolean clean = block.getInt() != 0;
    block.position(32);
    long incompatible = block.getLong();
    ensureKnown(file, version, incompatible);
    Meta meta =
        new Meta(
            version,
            clean,
            incompatible,
            new UUID(block.getLong(), block.getLong()),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            run(block),
            run(block));
    return (meta.sequence & 1) == number ? meta : null;
  }

  /// Whether the file begins like a store, in either block.
  static boolean looksLikeStore(DiskFile file) {
    ByteBuffer magic = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    for (int number = 0; number < 2; number++) {
      file.read(magic.clear(), (long) number * BYTES);
      if (magic.getLong(0) == MAGIC) {
        return true;
      }
    }
    return false;
  }

  private static void ensureKnown(DiskFile file, int version, long incompatible) {
    if (version != VERSION) {
      throw new StoreOpenException(
          ErrorCode.STORE_UNKNOWN_VERSION,
          file.path() + " has format version " + version + ", this release reads " + VERSION,
          "open it with the release that wrote it");
    }
    if ((incompatible & ~KNOWN_FEATURES) != 0) {
      throw new StoreOpenException(
          ErrorCode.STORE_UNKNOWN_FEATURE,
          file.path()
              + " uses features that this release does not know: mask 0x"
              + Long.toHexString(incompatible & ~KNOWN_FEATURES),
          "open it with a newer release");
    }
  }

  private static void put(ByteBuffer block, Run run) {
    block.putLong(run.place).putInt(run.bytes).putInt(run.checksum).putLong(0);
  }

  private static Run run(ByteBuffer block) {
    Run run = new Run(block.getLong(), block.getInt(), block.getInt());
    block.getLong();
    return run;
  }

  private static int crc(ByteBuffer block) {
    CRC32C crc = new CRC32C();
    crc.update(block.array(), 0, CRC);
    return (int) crc.getValue();
  }
}
