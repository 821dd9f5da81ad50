package dev.quarry.graph.statistics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.index.IndexKey;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Sketches find what was put into them, as exactly as they say.
class SketchTest {
  /// Three standard errors are 4.9 %; the hashes are the same in every run.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 100, 5_000, 20_000, 1_000_000})
  void differentHashesAreCountedWithinThreeStandardErrors(long different) {
    DistinctCounter counter = new DistinctCounter();
    assertEquals(0, counter.estimate());
    for (long i = 0; i < different; i++) {
      counter.add(IndexKey.hash(i));
      counter.add(IndexKey.hash((double) i));
    }
    assertEquals(different, counter.estimate(), different * 0.049);
    counter.clear();
    assertEquals(0, counter.estimate());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 511, 512, 513, 4_096, 5_000, 123_457})
  void aSampleGoesOnceThroughAllSlots(long slots) {
    Sample sample = new Sample(slots);
    Set<Long> firsts = new HashSet<>();
    long met = 0;
    for (long place = 0; place < sample.blocks(); place++) {
      long first = sample.first(place);
      assertTrue(firsts.add(first), first + " comes twice");
      met += sample.end(first) - first;
    }
    assertEquals(slots, met);
  }

  @Test
  void eachBeginningOfASampleIsSpreadOverTheArena() {
    Sample sample = new Sample(1_000L * Sample.BLOCK);
    for (int begun = 10; begun <= 100; begun += 10) {
      int[] tenths = new int[10];
      for (int place = 0; place < begun; place++) {
        tenths[(int) (sample.first(place) / Sample.BLOCK / 100)]++;
      }
      for (int tenth : tenths) {
        assertTrue(Math.abs(tenth - begun / 10) <= 3, begun + ": " + tenth);
      }
    }
  }

  @Test
  void oneAndOnePointZeroAreOneValue() {
    ColumnSketch sketch = new ColumnSketch();
    sketch.integer(1);
    sketch.floating(1.0);
    sketch.floating(-0.0);
    sketch.integer(0);
    sketch.floating(Double.NaN);
    sketch.absent();
    assertEquals(3, sketch.estimate(3, 6).distinct());
    assertEquals(5, sketch.estimate(3, 6).present());
  }

  @Test
  void notANumberIsNoExtreme() {
    ColumnSketch sketch = new ColumnSketch();
    sketch.floating(Double.NaN);
    sketch.integer(7);
    sketch.floating(-2.5);
    assertEquals(-2.5, sketch.estimate(0, 3).least());
    assertEquals(7L, sketch.estimate(0, 3).greatest());
  }

  @Test
  void extremesAreOfTheKindThatWasMetFirst() {
    ColumnSketch sketch = new ColumnSketch();
    sketch.bool(true);
    sketch.integer(-5);
    sketch.bool(false);
    assertEquals(false, sketch.estimate(0, 3).least());
    assertEquals(true, sketch.estimate(0, 3).greatest());
  }

  @Test
  void integersOfManyRecordsAreTakenAsOneByOne() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    for (int round = 0; round < 100; round++) {
      ColumnSketch single = new ColumnSketch();
      ColumnSketch many = new ColumnSketch();
      if (random.nextInt(4) == 0) {
        single.bool(true);
        many.bool(true);
      }
      for (int piece = 0; piece < 3; piece++) {
        long[] values = random.longs(20, -9L << piece, 9L << 2 * piece).toArray();
        int count = random.nextInt(values.length);
        Arrays.stream(values, 0, count).forEach(single::integer);
        many.integers(values, count);
      }
      assertEquals(single.seen(), many.seen(), "seed " + seed);
      assertEquals(single.estimate(1, 99), many.estimate(1, 99), "seed " + seed);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "5, 1000, 1000000, 5, 5",
    "1000, 1000, 1000000, 1000000, 1000000",
    "630, 1000, 1000000, 900, 1100",
    "10, 10, 10, 10, 10",
  })
  void aSampleTellsHowManyValuesThereAre(
      long found, long sampled, long all, long least, long most) {
    long estimate = ColumnSketch.distinctAmong(found, sampled, all);
    assertTrue(least <= estimate && estimate <= most, () -> "" + estimate);
  }

  @Test
  void degreesLoopsAndParallelsAreMet() {
    DegreeSketch sketch = new DegreeSketch(0, true);
    give(sketch, 1, 2, 3, 4);
    give(sketch, 2, 2);
    DegreeEstimate simple = sketch.estimate(1, true);
    assertFalse(simple.mayHaveParallels());
    assertTrue(sketch.estimate(1, false).mayHaveParallels(), "of a part nobody knows");
    assertEquals(2, simple.sources());
    assertEquals(3, simple.maximum());
    assertEquals(1, simple.loops());
    assertEquals(List.of(1L, 1L), simple.histogram());
    assertEquals((1 + 9) / 4.0, simple.degreeOfReached());
    give(sketch, 3, 9, 4, 9);
    assertTrue(sketch.estimate(1, true).mayHaveParallels());
  }

  private static void give(DegreeSketch sketch, long node, long... neighbours) {
    for (int i = 0; i < neighbours.length; i++) {
      assertEquals(i == 0, sketch.add(node, neighbours[i]));
    }
    sketch.endNode();
  }
}
