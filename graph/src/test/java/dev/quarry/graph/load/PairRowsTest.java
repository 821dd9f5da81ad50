package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Rows that are read as pairs are those that [CsvChunk] finds; a text with others is left to it.
/// `-Dseed=N` runs the same texts again.
class PairRowsTest {
  private static final String ID = "(0|[1-9][0-9]{0,15})";
  private static final String[] ODD = {
    "", "-1", "007", "x", "\"1\"", "12345678901234567", "1 ", "1,2", "é", "1\r", "/", ":", "1\n"
  };

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  private static CsvChunk chunk(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    CsvChunk chunk = new CsvChunk(bytes.length);
    System.arraycopy(bytes, 0, chunk.text, 0, bytes.length);
    chunk.end = bytes.length;
    return chunk;
  }

  private String id() {
    return Long.toString(random.nextLong(1L << random.nextInt(1, 53)));
  }

  private String text(char delimiter) {
    StringBuilder text = new StringBuilder();
    int odd = random.nextBoolean() ? 3000 : 20;
    for (int left = random.nextInt(100); left >= 0; left--) {
      boolean isOdd = random.nextInt(odd) == 0;
      text.append(isOdd ? ODD[random.nextInt(ODD.length)] : id()).append(delimiter).append(id());
      boolean isOpen = left == 0 && random.nextBoolean();
      text.append(isOpen ? "" : random.nextInt(3) == 0 ? "\r\n" : "\n");
    }
    return text.toString();
  }

  @Test
  void pairsAreTheRowsThatFieldsSay() {
    for (int round = 0; round < 3000; round++) {
      char delimiter = ",;\t|5".charAt(random.nextInt(5));
      String text = text(delimiter);
      String replay = "seed " + seed + ", round " + round + "\n" + text;
      PairRows pairs = new PairRows();
      CsvChunk read = chunk(text);
      boolean areAll = read.read(pairs, (byte) delimiter);
      String row = ID + java.util.regex.Pattern.quote("" + delimiter) + ID;
      boolean expected = delimiter != '5' && text.matches("(" + row + "\r?\n)*(" + row + ")?");
      assertEquals(expected, areAll, replay);
      if (areAll) {
        assertEqualsFields(text, (byte) delimiter, read, pairs, replay);
      }
    }
  }

  private static void assertEqualsFields(
      String text, byte delimiter, CsvChunk read, PairRows pairs, String replay) {
    CsvChunk split = chunk(text);
    split.split(delimiter);
    assertNull(split.failure, replay);
    assertEquals(split.lines, read.lines, replay);
    List<String> expected = new ArrayList<>();
    List<String> found = new ArrayList<>();
    for (int i = 0; i < split.rows(); i++) {
      expected.add(split.field(i, 0) + " " + split.field(i, 1));
    }
    for (int i = 0; i < pairs.count(); i++) {
      found.add(pairs.firsts[i] + " " + pairs.seconds[i]);
    }
    assertEquals(expected, found, replay);
  }
}
