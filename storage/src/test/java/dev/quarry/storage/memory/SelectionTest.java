package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// A selection does what loops over plain arrays do, whatever the values and wherever pieces lie.
class SelectionTest {
  private static final int PIECE = 512;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget root = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(root, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(root.child("cells"));
  private final Selection selection = new Selection();

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, root.used());
    assertTrue(Ranges.live().isEmpty());
  }

  @Test
  void keepsAndAddsWhatALoopOverArraysDoes() {
    for (int round = 0; round < 400; round++) {
      int size = random.nextInt(4) == 0 ? Selection.MOST : 1 + random.nextInt(Selection.MOST);
      long[] cells = cells(size);
      long[] others = cells(size);
      boolean[] chosen = new boolean[size];
      selection.begin(bits(chosen, random.nextInt(3)), size);
      long[] pieces = pieces(cells);
      long[] otherPieces = pieces(others);
      for (int more = random.nextInt(3); more > 0; more--) {
        long[] ends = ends(cells, random.nextInt(3));
        selection.keepIn(pieces, PIECE, ends);
        for (int i = 0; i < size; i++) {
          chosen[i] &= isIn(cells[i], ends);
        }
      }
      if (random.nextBoolean()) {
        boolean[] dropped = new boolean[size];
        selection.drop(bits(dropped, 1));
        IntStream.range(0, size).forEach(i -> chosen[i] &= !dropped[i]);
      }
      compare(chosen, others, otherPieces);
    }
  }

  @Test
  void keepsByCodesAndAsksWhereACodeDoesNotTell() {
    int perPiece = 2048;
    for (int round = 0; round < 100; round++) {
      int size = random.nextInt(4) == 0 ? Selection.MOST : 1 + random.nextInt(Selection.MOST);
      byte[] truths = new byte[1 << 16];
      for (int code = 0; code < truths.length; code++) {
        truths[code] = (byte) (random.nextInt(3) - 1);
      }
      long[] pieces = {scratch.allocate(perPiece * 2), scratch.allocate(perPiece * 2)};
      boolean[] chosen = new boolean[size];
      boolean[] answers = new boolean[size];
      selection.begin(bits(chosen, random.nextInt(3)), size);
      boolean[] asked = new boolean[size];
      for (int i = 0; i < size; i++) {
        int code = random.nextInt(truths.length);
        Memory.putShort(pieces[i / perPiece] + i % perPiece * 2L, (short) code);
        answers[i] = random.nextBoolean();
        asked[i] = chosen[i] && truths[code] == Selection.ASK;
        chosen[i] &= truths[code] == Selection.ASK ? answers[i] : truths[code] != 0;
      }
      selection.keepByCodes(
          pieces,
          perPiece,
          truths,
          i -> {
            assertTrue(asked[i], "seed " + seed + ": nobody needs to know");
            return answers[i];
          });
      long[] cells = cells(size);
      compare(chosen, cells, pieces(cells));
      selection.keepIf(i -> i % 3 > 0);
      IntStream.range(0, size).forEach(i -> chosen[i] &= i % 3 > 0);
      compare(chosen, cells, pieces(cells));
      scratch.reset();
    }
  }

  private void compare(boolean[] chosen, long[] cells, long[] pieces) {
    int[] expected = IntStream.range(0, chosen.length).filter(i -> chosen[i]).toArray();
    assertEquals(expected.length, selection.count(), "seed " + seed);
    BigInteger sum = BigInteger.ZERO;
    double floats = 1.5;
    for (int i : expected) {
      sum = sum.add(BigInteger.valueOf(cells[i]));
      floats += Double.longBitsToDouble(cells[i]);
    }
    long[] halves = new long[2];
    selection.addIntegers(pieces, PIECE, halves);
    assertEquals(sum, sum(halves), "seed " + seed);
    assertEquals(floats, selection.addFloats(pieces, PIECE, 1.5), "seed " + seed);
    for (boolean greatest : new boolean[] {false, true}) {
      int best = -1;
      int bestFloat = -1;
      for (int i : expected) {
        int sign = greatest ? -1 : 1;
        best = best < 0 || sign * Long.compare(cells[i], cells[best]) < 0 ? i : best;
        bestFloat = bestFloat < 0 || sign * order(cells[i], cells[bestFloat]) < 0 ? i : bestFloat;
      }
      assertEquals(best, selection.extreme(pieces, PIECE, false, greatest), "seed " + seed);
      assertEquals(bestFloat, selection.extreme(pieces, PIECE, true, greatest), "seed " + seed);
    }
    long[] taken = new long[chosen.length];
    int count = selection.take(0, 100, taken, taken.length);
    assertEquals(expected.length, count, "seed " + seed);
    for (int i = 0; i < count; i++) {
      assertEquals(100 + expected[i], taken[i], "seed " + seed);
    }
  }

  @Test
  void addsInOnePassWhatItAddsInTwo() {
    for (int round = 0; round < 200; round++) {
      int size = 1 + random.nextInt(Selection.MOST);
      long[] cells = cells(size);
      long[] tested = pieces(cells);
      long[] added = random.nextBoolean() ? tested : pieces(cells(size));
      long[] ends = ends(cells, 1);
      boolean[] all = new boolean[size];
      selection.begin(bits(all, 0), size);
      selection.keepIn(tested, PIECE, ends);
      long[] expected = new long[3];
      selection.addIntegers(added, PIECE, expected);
      expected[2] = selection.count();
      long[] sums = new long[3];
      Selection.addIntegersIn(tested, ends[0], ends[1], added, PIECE, size, sums);
      assertArrayEquals(expected, sums, "seed " + seed);
    }
  }

  private static BigInteger sum(long[] halves) {
    return BigInteger.valueOf(halves[1]).shiftLeft(32).add(BigInteger.valueOf(halves[0]));
  }

  /// NaN is the greatest, both zeros are equal.
  private static int order(long a, long b) {
    double x = Double.longBitsToDouble(a);
    double y = Double.longBitsToDouble(b);
    return x == y ? 0 : Double.compare(x, y);
  }

  private static boolean isIn(long value, long[] ends) {
    return IntStream.range(0, ends.length / 2)
        .anyMatch(i -> value >= ends[2 * i] && value <= ends[2 * i + 1]);
  }

  private long[] ends(long[] cells, int ranges) {
    long[] ends = new long[2 * ranges];
    for (int i = 0; i < ranges; i++) {
      long a = random.nextInt(4) == 0 ? value() : cells[random.nextInt(cells.length)];
      long b = random.nextInt(4) == 0 ? value() : cells[random.nextInt(cells.length)];
      ends[2 * i] = Math.min(a, b);
      ends[2 * i + 1] = Math.max(a, b);
    }
    return ends;
  }

  /// @param most 0 sets all bits, 1 most of them, 2 few
  private long[] bits(boolean[] set, int most) {
    long[] bits = new long[Selection.words(Selection.MOST)];
    for (int i = 0; i < set.length; i++) {
      set[i] = most == 0 || random.nextInt(10) == 0 == (most == 2);
      bits[i >> 6] |= set[i] ? 1L << i : 0;
    }
    return bits;
  }

  private long[] cells(int size) {
    return random.longs(size, 0, 8).map(any -> value()).toArray();
  }

  private long value() {
    return switch (random.nextInt(8)) {
      case 0 -> random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE;
      case 1 -> random.nextLong();
      case 2 -> Double.doubleToRawLongBits(random.nextInt(9) - 4.0);
      case 3 -> Double.doubleToRawLongBits(random.nextBoolean() ? Double.NaN : -0.0);
      default -> random.nextInt(21) - 10;
    };
  }

  /// Puts cells into pieces, some of which lie behind each other.
  private long[] pieces(long[] cells) {
    long[] pieces = new long[(cells.length + PIECE - 1) / PIECE];
    for (int i = 0; i < pieces.length; i++) {
      scratch.allocate(random.nextBoolean() ? 8 : 0);
      pieces[i] = scratch.allocate(PIECE * 8L);
      int count = Math.min(PIECE, cells.length - i * PIECE);
      Memory.putLongs(cells, i * PIECE, pieces[i], count);
    }
    return pieces;
  }
}
