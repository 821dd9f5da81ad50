package dev.quarry.storage.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Weights multiply and add as loops over integers of any size do, and say where a sum of them may
/// not fit. The seed is printed when it fails: `-Dseed=N`.
class WeightsTest {
  private static final int PIECE = 512;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget root = Budget.root("test", 64 << 20);
  private final NativeMemory memory = new NativeMemory(root, NativeSource.FOREIGN);
  private final Scratch scratch = memory.scratch(root.child("cells"));
  private final Weights weights = new Weights();
  private int fitted;
  private int large;

  @AfterEach
  void theLedgerIsZero() {
    scratch.close();
    memory.close();
    assertEquals(0, root.used());
  }

  @Test
  void numbersAndProductsAreThoseOfIntegersOfAnySize() {
    for (int round = 0; round < 400; round++) {
      scratch.reset();
      int size = random.nextInt(4) == 0 ? Selection.MOST : 1 + random.nextInt(Selection.MOST);
      BigInteger[] numbers = new BigInteger[size];
      Arrays.fill(numbers, BigInteger.ONE);
      weights.begin(size);
      boolean fits = true;
      for (int factor = 1 + random.nextInt(3); factor > 0; factor--) {
        int shift = 63 - random.nextInt(random.nextInt(4) == 0 ? 45 : 20);
        long[] factors = weights.factors();
        for (int i = 0; i < size; i++) {
          factors[i] = random.nextInt(3) == 0 ? 0 : random.nextLong() >>> shift;
          numbers[i] = numbers[i].multiply(BigInteger.valueOf(factors[i]));
        }
        fits &= weights.multiply();
      }
      if (!fits) {
        continue;
      }
      assertTrue(sum(numbers).bitLength() <= 63, "seed " + seed);
      fitted++;
      leaveOut(numbers);
      assertEquals(sum(numbers).longValueExact(), weights.sum(), "seed " + seed);
      compareProducts(numbers);
    }
    assertTrue(fitted > 20 && large > 20, fitted + " " + large + ", seed " + seed);
  }

  /// Some are not chosen.
  private void leaveOut(BigInteger[] numbers) {
    long[] bits = new long[Selection.words(Selection.MOST)];
    boolean all = random.nextInt(3) == 0;
    for (int i = 0; i < numbers.length; i++) {
      boolean chosen = all || random.nextInt(5) > 0;
      bits[i >> 6] |= chosen ? 1L << i : 0;
      numbers[i] = chosen ? numbers[i] : BigInteger.ZERO;
    }
    Selection selection = new Selection();
    selection.begin(bits, numbers.length);
    weights.keep(selection);
    selection.keep(weights);
    long counting = Stream.of(numbers).filter(one -> one.signum() > 0).count();
    assertEquals(counting, selection.count(), "seed " + seed);
  }

  private void compareProducts(BigInteger[] numbers) {
    long[] pieces = new long[(numbers.length + PIECE - 1) / PIECE];
    long[] without = new long[Selection.words(Selection.MOST)];
    int shift = random.nextInt(64);
    boolean isLarge = false;
    BigInteger expected = BigInteger.ZERO;
    BigInteger count = BigInteger.ZERO;
    double floats = 0.5;
    for (int i = 0; i < numbers.length; i++) {
      if (i % PIECE == 0) {
        pieces[i / PIECE] = scratch.allocate(8L * PIECE);
      }
      long cell = random.nextLong() >> shift;
      Memory.putLong(pieces[i / PIECE] + i % PIECE * 8L, cell);
      boolean lacks = random.nextInt(9) == 0;
      without[i >> 6] |= lacks ? 1L << i : 0;
      long number = lacks ? 0 : numbers[i].longValueExact();
      BigInteger product = BigInteger.valueOf(cell).multiply(BigInteger.valueOf(number));
      isLarge |= product.bitLength() > 63;
      expected = expected.add(product);
      count = count.add(BigInteger.valueOf(number));
      floats += number == 0 ? 0 : Double.longBitsToDouble(cell) * number;
    }
    large += isLarge ? 1 : 0;
    Weights having = new Weights();
    having.begin(weights, without);
    long[] halves = {random.nextLong(), random.nextInt()};
    BigInteger before = whole(halves);
    having.addProducts(pieces, PIECE, halves);
    assertEquals(before.add(expected), whole(halves), "seed " + seed);
    assertEquals(count.longValueExact(), having.sum(), "seed " + seed);
    assertEquals(floats, having.addFloats(pieces, PIECE, 0.5), "seed " + seed);
  }

  private static BigInteger whole(long[] halves) {
    BigInteger low = new BigInteger(Long.toUnsignedString(halves[0]));
    return BigInteger.valueOf(halves[1]).shiftLeft(64).add(low);
  }

  private static BigInteger sum(BigInteger[] numbers) {
    return Stream.of(numbers).reduce(BigInteger.ZERO, BigInteger::add);
  }
}
