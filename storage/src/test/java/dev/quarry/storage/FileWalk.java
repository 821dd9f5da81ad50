package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/// Walks all that the newest meta block of a store's file reaches, straight from its bytes, and
/// compares it with the bitmap of used places: each place once, and none that nobody reaches.
final class FileWalk {
  private static final int PAGE = 4096;

  private final ByteBuffer file;
  private final BitSet walked = new BitSet();

  private FileWalk(ByteBuffer file) {
    this.file = file;
  }

  /// Fails if a place is reached twice, or the bitmap says something else than the walk.
  static void verify(Path path, String where) {
    try {
      byte[] bytes = Files.readAllBytes(path);
      new FileWalk(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)).verify(where);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void verify(String where) {
    int meta = file.getLong(56) > file.getLong(PAGE + 56) ? 0 : PAGE;
    reach(0, 2, where);
    long tablePlace = file.getLong(meta + 104);
    int tableBytes = file.getInt(meta + 112);
    long bitmapPlace = file.getLong(meta + 128);
    int bitmapBytes = file.getInt(meta + 136);
    reach(tablePlace, (tableBytes + PAGE - 1) / PAGE, where);
    reach(bitmapPlace, (bitmapBytes + PAGE - 1) / PAGE, where);
    for (int at = 0; at < tableBytes; at += 64) {
      int space = (int) (tablePlace * PAGE) + at;
      int shift = file.get(space);
      long root = file.getLong(space + 16);
      if (shift != 0 && root != 0) {
        walk(root, file.get(space + 1), 1 << shift - 12, where);
      }
    }
    BitSet bitmap =
        BitSet.valueOf(file.slice((int) (bitmapPlace * PAGE), bitmapBytes).order(file.order()));
    BitSet lost = (BitSet) bitmap.clone();
    lost.andNot(walked);
    assertEquals("{}", lost.toString(), where + ": used but reached by nothing");
    assertEquals(bitmap, walked, where);
  }

  private void walk(long node, int level, int placesOfPage, String where) {
    reach(node, 1, where);
    for (int i = 0; i < 256; i++) {
      int entry = (int) (node * PAGE) + i * 16;
      long place = file.getInt(entry + 4) & 0xFFFFFFFFL | (file.get(entry + 8) & 0xFFL) << 32;
      if (place != 0 && level > 1) {
        walk(place, level - 1, placesOfPage, where);
      } else if (place != 0) {
        reach(place, placesOfPage, where);
      }
    }
  }

  private void reach(long place, int count, String where) {
    for (int i = 0; i < count; i++) {
      assertFalse(
          walked.get((int) place + i), where + ": place " + (place + i) + " is reached twice");
      walked.set((int) place + i);
    }
  }
}
