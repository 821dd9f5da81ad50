package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Eight bytes at a time say what they say one by one, wherever they lie.
class TextWordsTest {
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);

  /// A text, with bytes behind it that would be told from it.
  private static byte[] withMargin(String text, char behind) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    byte[] longer = Arrays.copyOf(bytes, bytes.length + TextWords.MARGIN);
    Arrays.fill(longer, bytes.length, longer.length, (byte) behind);
    return longer;
  }

  private String randomText(int length, String characters) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append(characters.charAt(random.nextInt(characters.length())));
    }
    return text.toString();
  }

  @Test
  void aFieldEndsAtTheFirstDelimiterOrLineEnd() {
    String near = "abc \u0000\u00FF\u008D\u000B\u000C\u0009\u000E\u002B\u002D;\u00AC\u008A";
    for (int round = 0; round < 20_000; round++) {
      char delimiter = ",;|\t".charAt(random.nextInt(4));
      String field = randomText(random.nextInt(20), near).replace(delimiter, 'x');
      char end = random.nextInt(3) > 0 ? delimiter : "\r\n".charAt(random.nextInt(2));
      String rest = randomText(random.nextInt(9), near + ",;\r\n");
      String ahead = randomText(random.nextInt(9), near);
      byte[] text = withMargin(ahead + field + end + rest, ',');
      int found = TextWords.endOfField(text, ahead.length(), TextWords.repeated((byte) delimiter));
      assertEquals(ahead.length() + field.length(), found, "seed " + seed);
    }
  }

  @Test
  void digitsMeanTheNumberThatTheyAreParsedTo() {
    for (int round = 0; round < 20_000; round++) {
      String digits = randomText(1 + random.nextInt(16), "0123456789");
      String ahead = randomText(random.nextInt(9), "0123456789");
      byte[] text = withMargin(ahead + digits, "5\u00FF,".charAt(random.nextInt(3)));
      long number = TextWords.number(text, ahead.length(), digits.length());
      assertEquals(Long.parseLong(digits), number, "seed " + seed);
    }
    assertEquals(9_999_999_999_999_999L, TextWords.number(withMargin("9".repeat(16), '9'), 0, 16));
  }

  @Test
  void noneAndTooManyAreNoNumber() {
    assertEquals(-1, TextWords.number(withMargin("", '1'), 0, 0));
    assertEquals(-1, TextWords.number(withMargin("1".repeat(17), '1'), 0, 17));
  }

  /// Each byte that is no digit, at each place of each length.
  @Test
  void aByteThatIsNoDigitIsFoundAnywhere() {
    for (int length = 1; length <= 16; length++) {
      for (int place = 0; place < length; place++) {
        for (int c = 0; c < 256; c++) {
          byte[] text = withMargin("9".repeat(length), '9');
          text[place] = (byte) c;
          boolean isDigit = c >= '0' && c <= '9';
          long number = TextWords.number(text, 0, length);
          assertEquals(isDigit, number >= 0, c + " at " + place + " of " + length);
        }
      }
    }
  }

  @Test
  void oneByteIsFoundAmongAnyNumberOfOthersAndNotBehindThem() {
    for (int length = 0; length < 600; length += length < 40 ? 1 : 37) {
      byte[] text = withMargin("x".repeat(length), '"');
      assertEquals(false, TextWords.has(text, length, (byte) '"'));
      Arrays.fill(text, length, text.length, (byte) 0x80);
      assertEquals(true, TextWords.isAscii(text, length));
      for (int place = 0; place < length; place++) {
        text[place] = '"';
        assertEquals(true, TextWords.has(text, length, (byte) '"'));
        assertEquals(true, TextWords.isAscii(text, length));
        text[place] = (byte) 0x80;
        assertEquals(false, TextWords.has(text, length, (byte) '"'));
        assertEquals(false, TextWords.isAscii(text, length));
        text[place] = 'x';
      }
    }
  }
}
