package dev.quarry.storage.slab;

/// The sizes that slots come in.
///
/// The first [#SMALL] classes lie in pages of 4 KiB, the others in pages of 16 KiB; each step is at
/// most a half more than the one before, and a page has at most 128 slots.
final class SizeClasses {
  private static final int[] BYTES = {
    32, 64, 96, 128, 160, 192, 256, 384, 512, 816, 1024, 1360, 2048, 2720, 4096, 5456, 8192, 16384
  };
  static final int SMALL = 10;
  static final int SMALL_PAGE = 1 << 12;
  static final int LARGE_PAGE = 1 << 14;
  static final int LARGEST = 16384;
  static final int COUNT = BYTES.length;

  private static final int[] SLOTS = new int[BYTES.length]; // a division per lookup would show
  private static final byte[] CLASS_OF = new byte[LARGEST / 16 + 1]; // by units of 16 bytes

  static {
    for (int i = 0; i < SLOTS.length; i++) {
      SLOTS[i] = pageBytes(i) / BYTES[i];
    }
    for (int units = 0, sizeClass = 0; units < CLASS_OF.length; units++) {
      sizeClass += BYTES[sizeClass] < units * 16 ? 1 : 0;
      CLASS_OF[units] = (byte) sizeClass;
    }
  }

  private SizeClasses() {}

  /// The smallest class whose slots hold `bytes`.
  static int of(int bytes) {
    assert bytes <= LARGEST : bytes;
    return CLASS_OF[bytes + 15 >>> 4];
  }

  static int bytes(int sizeClass) {
    return BYTES[sizeClass];
  }

  static boolean isLarge(int sizeClass) {
    return sizeClass >= SMALL;
  }

  static int pageBytes(int sizeClass) {
    return isLarge(sizeClass) ? LARGE_PAGE : SMALL_PAGE;
  }

  static int slotsPerPage(int sizeClass) {
    return SLOTS[sizeClass];
  }
}
