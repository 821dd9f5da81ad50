package dev.quarry.storage.torture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// A part of the file of a store that has a form of its own.
record Piece(Kind kind, int space, int at, int bytes) {
  enum Kind {
    META,
    SPACE_TABLE,
    BITMAP,
    NODE,
    PAGE
  }

  /// The pieces that both states of a whole store reach.
  static List<Piece> of(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    List<Piece> pieces = new ArrayList<>();
    for (int meta = 0; meta < 2 * Checksums.PLACE; meta += Checksums.PLACE) {
      pieces.add(new Piece(Kind.META, 0, meta, Checksums.PLACE));
      int table = (int) file.getLong(meta + Checksums.SPACE_TABLE) << 12;
      int tableBytes = file.getInt(meta + Checksums.SPACE_TABLE + 8);
      int bitmap = (int) file.getLong(meta + Checksums.BITMAP) << 12;
      if (table != 0) {
        pieces.add(new Piece(Kind.SPACE_TABLE, 0, table, tableBytes));
        pieces.add(new Piece(Kind.BITMAP, 0, bitmap, file.getInt(meta + Checksums.BITMAP + 8)));
      }
      for (int at = table; at < table + tableBytes; at += Checksums.DESCRIPTOR) {
        int space = (at - table) / Checksums.DESCRIPTOR;
        if (file.get(at) != 0 && file.getLong(at + 16) != 0) {
          below(file, space, 1 << file.get(at), file.get(at + 1), file.getLong(at + 16), pieces);
        }
      }
    }
    return pieces.stream().distinct().toList();
  }

  private static void below(
      ByteBuffer file, int space, int pageBytes, int level, long place, List<Piece> pieces) {
    int at = (int) place << 12;
    pieces.add(
        level == 0
            ? new Piece(Kind.PAGE, space, at, pageBytes)
            : new Piece(Kind.NODE, space, at, Checksums.PLACE));
    for (int i = 0; level > 0 && i < 256; i++) {
      long child = file.getInt(at + i * 16 + 4) & 0xFFFFFFFFL;
      if (child != 0) {
        below(file, space, pageBytes, level - 1, child, pieces);
      }
    }
  }
}
