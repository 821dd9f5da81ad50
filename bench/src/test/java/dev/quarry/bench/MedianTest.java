package dev.quarry.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Half of the figures are less than their median, and half are greater.
class MedianTest {
  @Test
  void ofAnOddNumberItIsTheOneInTheMiddle() {
    assertEquals(7, Median.of(new double[] {7}));
    assertEquals(2, Median.of(new double[] {9, 2, 1}));
  }

  @Test
  void ofAnEvenNumberItIsTheMeanOfTheTwoInTheMiddle() {
    double[] figures = {8, 1, 3, 2};
    assertEquals(2.5, Median.of(figures));
    assertArrayEquals(new double[] {8, 1, 3, 2}, figures);
  }

  @Test
  void aComparisonOfSidesShowsTheMeanAsWell() throws Exception {
    double[] ours = {4, 2};
    int[] at = new int[1];
    String line = Interleaved.compare("x", () -> ours[at[0]++ & 1] * 1000, () -> 1000, 10);
    assertTrue(line.contains("| x | 3.0 | 1.0 | **3.00** | 2.00 – 4.00 | 10 |"), line);
  }
}
