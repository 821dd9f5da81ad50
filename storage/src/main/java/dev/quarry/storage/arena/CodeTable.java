package dev.quarry.storage.arena;

import java.util.Arrays;

/// Finds the codes of strings by their hashes: open addressing, half full at most.
///
/// ```text
/// word   63                            16 15            0
///       ┌────────────────────────────────┬───────────────┐
///       │ upper bits of the hash         │ code, never 0 │     0: nothing is here
///       └────────────────────────────────┴───────────────┘
/// ```
///
/// Strings with the same upper bits are one here: which it is, the caller looks up.
final class CodeTable {
  private static final long HASH = -1L << 16;

  private long[] words = new long[1 << 10];
  private int count;

  /// The code of a string with this hash; 0 if there is none.
  int find(long hash) {
    return (int) (words[place(hash)] & ~HASH);
  }

  /// Adds a string of which [#find] gives none.
  void add(long hash, int code) {
    assert code > 0 && code < Dictionary.GROUP : code;
    if (2 * ++count > words.length) {
      long[] old = words;
      words = new long[2 * old.length];
      Arrays.stream(old).filter(word -> word != 0).forEach(word -> words[place(word)] = word);
    }
    words[place(hash)] = hash & HASH | code;
  }

  /// Where a hash is, or would be.
  private int place(long hash) {
    int at = (int) (hash >>> 40) & words.length - 1;
    while (words[at] != 0 && ((words[at] ^ hash) & HASH) != 0) {
      at = at + 1 & words.length - 1;
    }
    return at;
  }
}
