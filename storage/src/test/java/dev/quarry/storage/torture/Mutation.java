package dev.quarry.storage.torture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/// Changes fields of bytes that have a form.
final class Mutation {
  // What may lie in a meta block, behind the magic: offset and bytes of each field.
  private static final int[][] META = {
    {8, 4}, {12, 4}, {16, 8}, {24, 8}, {32, 8}, {40, 8}, {48, 8}, {56, 8}, {64, 8}, {72, 8},
    {80, 8}, {88, 8}, {96, 8}, {104, 8}, {112, 4}, {120, 8}, {128, 8}, {136, 4}, {144, 8}
  };
  private static final int[][] DESCRIPTOR = {{0, 1}, {1, 1}, {8, 8}, {16, 8}, {24, 8}};

  private final ByteBuffer bytes;
  private final Random random;

  Mutation(byte[] bytes, Random random) {
    this.bytes = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    this.random = random;
  }

  /// Changes something in one of the pieces.
  void change(List<Piece> pieces) {
    Piece piece = any(pieces);
    switch (random.nextInt(24)) {
      case 0 -> copy(piece, any(pieces));
      case 1 -> swap(piece, any(pieces));
      case 2 -> splice(piece, any(pieces));
      case 3 -> zero(piece);
      default -> field(piece);
    }
  }

  private Piece any(List<Piece> pieces) {
    Piece piece = pieces.get(random.nextInt(pieces.size()));
    // What all others are found by are few of many pieces: the table of spaces, and the catalog.
    if (random.nextInt(8) == 0) {
      for (int tries = pieces.size();
          tries > 0 && piece.kind() != Piece.Kind.SPACE_TABLE;
          tries--) {
        piece = pieces.get(random.nextInt(pieces.size()));
      }
    }
    for (int tries = random.nextInt(6); tries > 3 && piece.space() != 0; tries--) {
      piece = pieces.get(random.nextInt(pieces.size()));
    }
    return piece;
  }

  private void copy(Piece from, Piece to) {
    int count = Math.min(from.bytes(), to.bytes());
    System.arraycopy(bytes.array(), from.at(), bytes.array(), to.at(), count);
  }

  private void swap(Piece one, Piece other) {
    int count = Math.min(one.bytes(), other.bytes());
    byte[] kept = Arrays.copyOfRange(bytes.array(), one.at(), one.at() + count);
    copy(other, one);
    System.arraycopy(kept, 0, bytes.array(), other.at(), count);
  }

  private void splice(Piece from, Piece to) {
    int count = 1 + random.nextInt(Math.min(256, Math.min(from.bytes(), to.bytes())));
    int source = from.at() + random.nextInt(from.bytes() - count + 1);
    int target = to.at() + random.nextInt(to.bytes() - count + 1);
    System.arraycopy(bytes.array(), source, bytes.array(), target, count);
  }

  private void zero(Piece piece) {
    int from = piece.at() + random.nextInt(piece.bytes());
    int count = 1 + random.nextInt(Math.min(512, piece.at() + piece.bytes() - from));
    Arrays.fill(bytes.array(), from, from + count, (byte) 0);
  }

  private void field(Piece piece) {
    switch (piece.kind()) {
      case META -> set(piece.at(), META[random.nextInt(META.length)], piece);
      case SPACE_TABLE -> {
        int descriptors = Math.max(1, piece.bytes() / Checksums.DESCRIPTOR);
        int at = piece.at() + random.nextInt(descriptors) * Checksums.DESCRIPTOR;
        set(at, DESCRIPTOR[random.nextInt(DESCRIPTOR.length)], piece);
      }
      case NODE -> entry(piece);
      case BITMAP, PAGE -> anywhere(piece.at(), piece.bytes());
    }
  }

  private void set(int base, int[] field, Piece piece) {
    set(base + field[0], field[1], piece.at(), piece.bytes());
  }

  /// An entry of a node: place or birth, or all of it becomes another entry.
  private void entry(Piece node) {
    int from = node.at() + usedEntry(node) * 16;
    switch (random.nextInt(4)) {
      case 0 -> {
        int to = node.at() + (random.nextBoolean() ? usedEntry(node) : random.nextInt(256)) * 16;
        System.arraycopy(bytes.array(), from, bytes.array(), to, 16);
      }
      case 1 -> set(from + 8, 8, node.at(), node.bytes());
      case 2 -> bytes.putInt(from + 4, random.nextInt(bytes.capacity() / 4096 + 2));
      default -> set(from + 4, 4, node.at(), node.bytes());
    }
  }

  private int usedEntry(Piece node) {
    int start = random.nextInt(256);
    for (int i = 0; i < 256; i++) {
      int entry = start + i & 255;
      if (bytes.getInt(node.at() + entry * 16 + 4) != 0) {
        return entry;
      }
    }
    return start;
  }

  /// A number in bytes of which most are zeros: near some that are not.
  void anywhere(int from, int count) {
    int at = from + random.nextInt(count);
    for (int tries = 0; tries < count && bytes.get(at) == 0; tries++) {
      at = at + 1 == from + count ? from : at + 1;
    }
    int width = Math.min(1 << random.nextInt(4), count);
    int aligned = from + (at - from) / width * width;
    set(Math.min(aligned, from + count - width), width, from, count);
  }

  /// Sets one number to something that is likely to matter.
  void set(int at, int width, int from, int count) {
    boolean big = random.nextInt(3) == 0;
    bytes.order(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    put(at, width, value(get(at, width), width, from, count));
    bytes.order(ByteOrder.LITTLE_ENDIAN);
  }

  private long value(long old, int width, int from, int count) {
    long most = width == 8 ? Long.MAX_VALUE : (1L << width * 8 - 1) - 1;
    return switch (random.nextInt(14)) {
      case 0 -> 0;
      case 1 -> 1;
      case 2 -> -1;
      case 3 -> most;
      case 4 -> ~most;
      case 5, 6 -> old + 1;
      case 7 -> old - 1;
      case 8 -> random.nextLong();
      case 9 -> random.nextInt(300);
      case 10 -> old ^ 1L << random.nextInt(width * 8);
      case 11 -> get(from + random.nextInt(Math.max(1, count - width + 1)), width);
      case 12 -> 1L << random.nextInt(width * 8);
      default -> old * 2;
    };
  }

  private long get(int at, int width) {
    return switch (width) {
      case 1 -> bytes.get(at);
      case 2 -> bytes.getShort(at);
      case 4 -> bytes.getInt(at);
      default -> width == 8 ? bytes.getLong(at) : bytes.get(at);
    };
  }

  private void put(int at, int width, long value) {
    switch (width) {
      case 2 -> bytes.putShort(at, (short) value);
      case 4 -> bytes.putInt(at, (int) value);
      case 8 -> bytes.putLong(at, value);
      default -> bytes.put(at, (byte) value);
    }
  }
}
