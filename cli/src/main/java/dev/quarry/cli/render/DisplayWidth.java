package dev.quarry.cli.render;

/// How many columns of a terminal a text takes: wide characters two, combining marks none.
final class DisplayWidth {
  private DisplayWidth() {}

  static int of(String text) {
    int width = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      width += of(c);
      i += Character.charCount(c);
    }
    return width;
  }

  /// The text itself if it fits, else its beginning and `…`.
  static String cut(String text, int width) {
    if (of(text) <= width) {
      return text;
    }
    int taken = 0;
    int end = 0;
    while (end < text.length()) {
      int c = text.codePointAt(end);
      if (taken + of(c) > width - 1) {
        break;
      }
      taken += of(c);
      end += Character.charCount(c);
    }
    return text.substring(0, end) + "…";
  }

  private static int of(int c) {
    int type = Character.getType(c);
    if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
      return 0;
    }
    return type == Character.FORMAT ? 0 : isWide(c) ? 2 : 1;
  }

  private static boolean isWide(int c) {
    return (c >= 0x1100 && c <= 0x115F)
        || (c >= 0x2E80 && c <= 0xA4CF)
        || (c >= 0xAC00 && c <= 0xD7A3)
        || (c >= 0xF900 && c <= 0xFAFF)
        || (c >= 0xFE30 && c <= 0xFE6F)
        || (c >= 0xFF00 && c <= 0xFF60)
        || (c >= 0xFFE0 && c <= 0xFFE6)
        || (c >= 0x1F300 && c <= 0x1FAFF)
        || (c >= 0x20000 && c <= 0x3FFFD);
  }
}
