package dev.quarry.graph.value;

import org.jspecify.annotations.Nullable;

/// The kinds of storable values. Tags are part of the file format: they are added, never changed.
public enum Tag {
  BOOLEAN(1, 1),
  INTEGER(2, 8),
  FLOAT(3, 8),
  STRING(4, 16),
  DATE(5, 16),
  LOCAL_TIME(6, 16),
  TIME(7, 16),
  LOCAL_DATETIME(8, 16),
  DATETIME(9, 16),
  DURATION(10, 16),
  POINT(11, 16),
  LIST(12, 16);

  private static final @Nullable Tag[] BY_CODE = new Tag[64];

  static {
    for (Tag tag : values()) {
      BY_CODE[tag.code] = tag;
    }
  }

  private final int code;
  private final int cellBytes;

  Tag(int code, int cellBytes) {
    this.code = code;
    this.cellBytes = cellBytes;
  }

  /// The number of the tag in files, 1 to 63; 19 and 20 are reserved for decimals and bytes.
  public int code() {
    return code;
  }

  /// The width of a cell in a column of this kind. Kinds from [#STRING] on are strings of bytes.
  public int cellBytes() {
    return cellBytes;
  }

  /// Whether a cell of this kind is a string of bytes, in the arena's strings.
  public boolean isBytes() {
    return cellBytes == 16;
  }

  /// The tag with a number.
  ///
  /// @throws IllegalArgumentException if there is none
  public static Tag of(int code) {
    Tag tag = code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    if (tag == null) {
      throw new IllegalArgumentException("no value has tag " + code);
    }
    return tag;
  }
}
