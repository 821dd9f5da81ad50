package dev.quarry.bench.allocator;

import java.util.SplittableRandom;

/// Sizes like those of lists of relationships: 16 bytes to 16 KiB, multiples of 4.
///
/// There are ten octaves, from 16·2^k to 16·2^(k+1) bytes, and sizes in one are equally likely. A
/// list of a further octave is half as likely, as with degrees of a power law n^-2; so all octaves
/// have about the same number of bytes, and a list has 120 on the mean.
final class ListSizes {
  private static final int OCTAVES = 10;

  private final SplittableRandom random;

  ListSizes(SplittableRandom random) {
    this.random = random;
  }

  /// A size at random.
  int next() {
    int octave = Long.numberOfTrailingZeros(random.nextLong());
    return octave < OCTAVES ? in(octave) : next();
  }

  /// What a size grows to, or shrinks to: an octave up once for twice that it goes down, but not
  /// beyond the ends. Sizes that come from [#next] stay so distributed.
  int changed(int bytes) {
    int octave = 27 - Integer.numberOfLeadingZeros(bytes);
    int to = random.nextInt(3) == 0 ? octave + 1 : octave - 1;
    return in(Math.clamp(to, 0, OCTAVES - 1));
  }

  private int in(int octave) {
    return (16 << octave) + 4 * random.nextInt(4 << octave);
  }
}
