package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An edge list says the same wherever it is cut into chunks.
class EdgeChunksTest {
  @TempDir Path folder = Path.of("");

  /// What the lines of a text say: `source target` of each edge, `line:column` of each reject.
  private List<String> read(Path file, char delimiter, long skip, int chunkBytes) {
    List<String> all = new ArrayList<>();
    List<EdgeChunk> buffers = List.of(new EdgeChunk(chunkBytes), new EdgeChunk(chunkBytes));
    try (Input input = new Input(file);
        Pipeline<EdgeChunk> parsed =
            new Pipeline<>(new EdgeChunks(input, delimiter, skip), buffers, 1)) {
      long lines = 0;
      for (EdgeChunk chunk = parsed.take(); chunk != null; chunk = parsed.take()) {
        for (int i = 0; i < chunk.edges; i++) {
          all.add(chunk.ends[2 * i] + " " + chunk.ends[2 * i + 1]);
        }
        for (int i = 0; i < chunk.wrongs; i++) {
          all.add((lines + chunk.wrong[2 * i]) + ":" + chunk.wrong[2 * i + 1]);
        }
        lines += chunk.lines;
        parsed.give(chunk);
      }
    }
    all.sort(null);
    return all;
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("e.txt"), text);
  }

  /// The same, line by line and by regular expressions.
  private static List<String> expected(String text, char delimiter, long skip) {
    String between =
        delimiter == 0 ? "[ \t\r]*(?:,[ \t\r]*)?" : "[ \t\r]*(?:\\" + delimiter + "[ \t\r]*)?";
    String end = delimiter == 0 ? "(?=[ \t\r,]|$)" : "(?=[ \t\r" + delimiter + "]|$)";
    String number = "(-?\\d{1,18})" + end;
    List<String> all = new ArrayList<>();
    String[] lines = text.split("\n", -1);
    for (int i = (int) skip; i < lines.length; i++) {
      String line = lines[i].replaceAll("^[ \t\r]+", "");
      var both = java.util.regex.Pattern.compile(number + between + number).matcher(line);
      if (line.isEmpty() || line.startsWith("#") || line.startsWith("%")) {
        continue;
      }
      if (both.lookingAt()) {
        all.add(Long.valueOf(both.group(1)) + " " + Long.valueOf(both.group(2)));
      } else {
        boolean first = java.util.regex.Pattern.compile(number).matcher(line).lookingAt();
        all.add((i + 1) + ":" + (first ? 2 : 1));
      }
    }
    all.sort(null);
    return all;
  }

  @Test
  void randomTextsAreReadAsLineByLine() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    String[] words = {
      "7", "-12", "0", "123456789012345678", "1234567890123456789", "x", "3.5", "", "-", "00042"
    };
    for (int round = 0; round < 300; round++) {
      char delimiter = random.nextBoolean() ? 0 : "|;\t".charAt(random.nextInt(3));
      String[] gaps =
          delimiter == 0
              ? new String[] {" ", "\t", ",", " , "}
              : new String[] {"" + delimiter, " " + delimiter};
      StringBuilder text = new StringBuilder();
      for (int line = random.nextInt(60); line >= 0; line--) {
        switch (random.nextInt(12)) {
          case 0 -> text.append("# 1 2");
          case 1 -> text.append("%").append("comment ".repeat(random.nextInt(20)));
          case 2 -> text.append(" \t");
          case 3 -> text.append(words[random.nextInt(words.length)]);
          default ->
              text.append(random.nextInt(4) == 0 ? " " : "")
                  .append(words[random.nextInt(random.nextInt(5) == 0 ? words.length : 4)])
                  .append(gaps[random.nextInt(gaps.length)])
                  .append(words[random.nextInt(random.nextInt(5) == 0 ? words.length : 4)])
                  .append(random.nextInt(3) == 0 ? gaps[0] + "0.25 and more" : "");
        }
        text.append(
            line == 0 && random.nextBoolean() ? "" : random.nextInt(4) == 0 ? "\r\n" : "\n");
      }
      long skip = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
      // no line of this text is longer than a chunk
      int bytes = 200 + random.nextInt(random.nextBoolean() ? 100 : 5000);
      assertEquals(
          expected(text.toString(), delimiter, skip),
          read(file(text.toString()), delimiter, skip, bytes),
          "seed " + seed + ", round " + round + "\n" + text);
    }
  }

  @Test
  void aLineLongerThanAChunkIsReadToItsEnd() throws IOException {
    String text =
        "1 2 "
            + "x".repeat(500)
            + "\n#"
            + "9 9 ".repeat(300)
            + "\n3 4\n"
            + " ".repeat(400)
            + "5 6\nx\n";
    assertEquals(List.of("1 2", "3 4", "4:1", "5:1"), read(file(text), (char) 0, 0, 64));
    assertEquals(List.of("3 4", "5 6", "5:1"), read(file(text), (char) 0, 1, 4096));
    assertEquals(List.of("3 4", "4:1", "5:1"), read(file(text), (char) 0, 2, 64));
    // two digits of a number stand before the cut: it is no number that ends there
    assertEquals(List.of("1:2"), read(file(" ".repeat(60) + "1 23456\n"), (char) 0, 0, 64));
  }

  @Test
  void packedTextIsUnpacked() throws IOException {
    Path packed = folder.resolve("e.txt.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      for (int i = 0; i < 1000; i++) {
        out.write((i + " " + (i + 1) + "\n").getBytes(StandardCharsets.US_ASCII));
      }
    }
    assertEquals(1000, read(packed, (char) 0, 0, 100).size());
  }
}
