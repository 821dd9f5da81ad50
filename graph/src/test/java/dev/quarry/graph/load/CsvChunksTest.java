package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rows and their lines are the same wherever a file is cut, and those of another parser.
/// `-Dcases=N` runs more, `-Dseed=N` the same again.
class CsvChunksTest {
  private static final String[] PIECES = {
    "\"",
    "\"\"",
    ",",
    ",",
    ",",
    "\n",
    "\n",
    "\r",
    "\r\n",
    "a",
    "b7",
    "é",
    "𝕏",
    " ",
    "\"x\"",
    "\"\n\"",
    ",\"a,b\",",
    "\"q\"\"q\"\n",
    "17,4\n"
  };

  @TempDir Path folder = Path.of("");

  private record Row(long line, List<String> fields) {}

  /// @param failure why the rest is no CSV, null if all is
  private record Parsed(List<Row> rows, @Nullable String failure) {}

  private Parsed ours(byte[] text, int chunkBytes) throws IOException {
    Path file = Files.write(folder.resolve("x.csv"), text);
    List<Row> rows = new ArrayList<>();
    try (Input input = new Input(file)) {
      CsvChunks chunks = new CsvChunks(input, (byte) ',', chunkBytes);
      CsvChunk chunk = chunks.newChunk();
      long lines = 0;
      while (chunks.fill(chunk)) {
        chunks.split(chunk);
        for (int row = 0; row < chunk.rows(); row++) {
          List<String> fields = new ArrayList<>();
          for (int i = 0; i < chunk.fieldCount(row); i++) {
            fields.add(chunk.field(row, i));
          }
          rows.add(new Row(lines + chunk.line(row) + 1, fields));
        }
        if (chunk.failure != null) {
          return new Parsed(rows, chunk.failure + " at " + (lines + chunk.failureLine() + 1));
        }
        lines += chunk.lines;
      }
    }
    return new Parsed(rows, null);
  }

  private static Parsed theirs(String text) throws IOException {
    List<Row> rows = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .skipEmptyLines(true)
            .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
            .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
            .ofCsvRecord(new StringReader(text))) {
      for (CsvRecord record : reader) {
        rows.add(new Row(record.getStartingLineNumber(), record.getFields()));
      }
      return new Parsed(rows, null);
    } catch (CsvParseException e) {
      return new Parsed(rows, e.getMessage());
    }
  }

  @Test
  void anyTextHasTheRowsThatAnotherParserFinds() throws IOException {
    long first = Long.getLong("seed", System.nanoTime());
    int cases = Integer.getInteger("cases", 3000);
    int whole = 0;
    int failed = 0;
    for (int i = 0; i < cases; i++) {
      long seed = first + i;
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int left = random.nextInt(40); left > 0; left--) {
        text.append(PIECES[random.nextInt(PIECES.length)]);
      }
      Parsed ours = ours(bytes(text.toString()), 1 + random.nextInt(48));
      Parsed theirs = theirs(text.toString());
      String which = "-Dseed=" + seed + " -Dcases=1, text " + text;
      if (ours.failure == null) {
        assertNull(theirs.failure, which);
        assertEquals(theirs.rows, ours.rows, which);
        whole++;
      } else if (theirs.failure != null) {
        assertEquals(theirs.rows, ours.rows, which);
        failed++;
      } else {
        // For the other one a quote that is never closed ends with the text.
        assertTrue(ours.failure.contains("never closed"), which + " " + ours.failure);
        assertEquals(theirs.rows.subList(0, theirs.rows.size() - 1), ours.rows, which);
        Row last = theirs.rows.getLast();
        assertTrue(ours.failure.endsWith(" at " + last.line), which + " " + ours.failure);
      }
    }
    assertTrue(cases == 1 || whole > 0 && failed > 0, whole + " whole, " + failed + " failed");
  }

  /// CR and LF on both sides of a cut are one line end, and quotes on both sides one quote.
  @Test
  void aCutMayLieAnywhere() throws IOException {
    String text = "a,b\r\n\"1\r\n2\",\"\"\"x\"\"\"\r\n\r\n,\r\rlast,\"\"";
    List<Row> expected =
        List.of(
            new Row(1, List.of("a", "b")),
            new Row(2, List.of("1\r\n2", "\"x\"")),
            new Row(5, List.of("", "")),
            new Row(7, List.of("last", "")));
    assertEquals(expected, theirs(text).rows);
    for (int chunkBytes = 1; chunkBytes <= text.length() + 1; chunkBytes++) {
      Parsed ours = ours(bytes(text), chunkBytes);
      assertNull(ours.failure);
      assertEquals(expected, ours.rows, chunkBytes + " bytes a chunk");
    }
  }

  @Test
  void aRowMayBeLongerThanAChunkButNotWithoutBound() throws IOException {
    String giant = "1,\"" + "line \"\"quoted\"\"\n".repeat(50_000) + "\"";
    Parsed ours = ours(bytes("0,x\n" + giant + "\n2,y\n"), 1 << 10);
    assertNull(ours.failure);
    assertEquals(List.of(1L, 2L, 50_003L), ours.rows.stream().map(Row::line).toList());
    assertEquals("line \"quoted\"\n".repeat(50_000), ours.rows.get(1).fields.get(1));

    byte[] tooLong = bytes("0,x\n1," + "y".repeat(CsvChunks.MOST_ROW_BYTES) + "\n2,z\n");
    Parsed refused = ours(tooLong, 1 << 10);
    assertEquals(List.of(new Row(1, List.of("0", "x"))), refused.rows);
    assertNotNull(refused.failure);
    assertTrue(refused.failure.contains("16777216 bytes"), refused.failure);
    assertTrue(refused.failure.endsWith(" at 2"), refused.failure);
  }

  @Test
  void whatIsNoUtf8FailsAtItsRow() throws IOException {
    byte[] text = bytes("1,é\n2,x\n3,y?\n4,z\n");
    text[text.length - 6] = (byte) 0xC3;
    for (int chunkBytes = 1; chunkBytes <= text.length + 1; chunkBytes++) {
      Parsed ours = ours(text, chunkBytes);
      assertEquals(2, ours.rows.size());
      assertEquals("the text is not UTF-8 at 3", ours.failure);
    }
  }

  @Test
  void aFileWithoutRowsHasNone() throws IOException {
    for (String text : List.of("", "\n", "\r\n\r\n\n\r")) {
      assertEquals(new Parsed(List.of(), null), ours(bytes(text), 2));
    }
  }

  /// The header and what stands before it count as lines, and what follows it is not lost.
  @Test
  void theHeaderIsReadAheadOfTheChunks() throws IOException {
    String rest = "\n\"a\nb\",c\r\n1,2\n3,4\n";
    Path file = folder.resolve("h.csv");
    Files.write(file, bytes("\uFEFFskip\rthis \"too\r\n" + rest));
    for (int chunkBytes = 1; chunkBytes <= 40; chunkBytes++) {
      try (Input input = new Input(file)) {
        CsvChunks chunks = new CsvChunks(input, (byte) ',', chunkBytes);
        assertEquals(2, chunks.pass(2));
        CsvChunk chunk = chunks.newChunk();
        assertEquals(List.of("a\nb", "c"), chunks.header(chunk));
        assertEquals(3, chunk.lines);
        List<String> fields = new ArrayList<>();
        while (chunks.fill(chunk)) {
          chunks.split(chunk);
          for (int row = 0; row < chunk.rows(); row++) {
            fields.add(chunk.field(row, 0) + chunk.field(row, 1));
          }
        }
        assertEquals(List.of("12", "34"), fields, chunkBytes + " bytes a chunk");
        assertFalse(chunks.fill(chunk));
      }
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
