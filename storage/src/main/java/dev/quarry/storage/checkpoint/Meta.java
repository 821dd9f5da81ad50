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
/// @param features parts of the format that came after this version
/// @param sequence rises with every meta block; its parity is the block's number
/// @param incarnation rises with every opening for writing, so that no older log fits
/// @param epoch of the version that was written
/// @param walLsn where the log goes on from this state
/// @param placeCount one more than the highest place in use
public record Meta(
    int version,
    boolean clean,
    Features features,
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

  private static final long MAGIC = 0x0A1A595252415551L; // "QUARRY", 1A, 0A
  private static final int CRC = 4092;
  private static final int COUNTER_BITS = 54; // births have 56

  /// A contiguous piece of the file with a checksum of its own.
  ///
  /// @param place where it begins, 0 if it is empty
  /// @param bytes its length
  public record Run(long place, int bytes, int checksum) {
    static final Run NONE = new Run(0, 0, 0);

    int places() {
      return (bytes + 4095) >>> 12;
    }

    boolean isPossible() {
      return bytes >= 0 && bytes <= Integer.MAX_VALUE - BYTES && place >>> 40 == 0;
    }
  }

  /// Masks of features, a bit each. This release knows none.
  ///
  /// @param compatible may be ignored
  /// @param readOnlyCompatible who does not know one may read, but not write
  /// @param incompatible who does not know one must not open the store
  public record Features(long compatible, long readOnlyCompatible, long incompatible) {
    static final Features NONE = new Features(0, 0, 0);
  }

  Meta withSequence(long newSequence) {
    return new Meta(
        version,
        clean,
        features,
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
    block.putLong(features.compatible).putLong(features.readOnlyCompatible);
    block.putLong(features.incompatible);
    block.putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
    block.putLong(sequence).putLong(incarnation).putLong(epoch).putLong(commitNumber);
    block.putLong(walLsn).putLong(placeCount);
    put(block, spaceTable);
    put(block, bitmap);
    block.putInt(CRC, crc(block));
    file.write(block.rewind(), (sequence & 1) * BYTES);
  }

  /// Reads one of the two blocks; null if it is damaged, or if it says what no store says.
  ///
  /// @param write whether the store is opened for writing
  /// @throws StoreOpenException if it is whole, but of a format that this code does not know
  static @Nullable Meta read(DiskFile file, int number, boolean write) {
    ByteBuffer block = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
    file.read(block, (long) number * BYTES);
    block.rewind();
    if (block.getLong(0) != MAGIC || block.getInt(CRC) != crc(block)) {
      return null;
    }
    block.position(8);
    int version = block.getInt();
    boolean clean = block.getInt() != 0;
    Features features = new Features(block.getLong(), block.getLong(), block.getLong());
    ensureKnown(file, version, features, write);
    Meta meta =
        new Meta(
            version,
            clean,
            features,
            new UUID(block.getLong(), block.getLong()),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            block.getLong(),
            run(block),
            run(block));
    return (meta.sequence & 1) == number && meta.isPossible() ? meta : null;
  }

  /// A block and where it lies, for messages.
  static String nameOf(int number) {
    int first = number * BYTES;
    return "meta block %d (bytes %d to %d)".formatted(number, first, first + BYTES - 1);
  }

  /// Whether all numbers can be: none is negative, or so large that what follows it overflows.
  private boolean isPossible() {
    long counters = sequence | incarnation | epoch | commitNumber | walLsn | placeCount;
    return counters >>> COUNTER_BITS == 0
        && epoch > 0
        && placeCount >= StoreFile.RESERVED
        && spaceTable.isPossible()
        && bitmap.isPossible();
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

  private static void ensureKnown(DiskFile file, int version, Features features, boolean write) {
    if (version != VERSION) {
      throw new StoreOpenException(
          ErrorCode.STORE_UNKNOWN_VERSION,
          file.path() + " has format version " + version + ", this release reads " + VERSION,
          "open it with the release that wrote it");
    }
    if (features.incompatible != 0) {
      throw new StoreOpenException(
          ErrorCode.STORE_UNKNOWN_FEATURE,
          file.path()
              + " uses features that this release does not know: mask 0x"
              + Long.toHexString(features.incompatible),
          "open it with a newer release");
    }
    if (write && features.readOnlyCompatible != 0) {
      throw new StoreOpenException(
          ErrorCode.STORE_UNKNOWN_FEATURE,
          file.path()
              + " uses features that this release can read but not write: mask 0x"
              + Long.toHexString(features.readOnlyCompatible),
          "open it read-only, or with a newer release");
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
