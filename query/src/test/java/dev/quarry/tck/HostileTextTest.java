package dev.quarry.tck;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.error.QuarryException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Statements of the TCK whose words were deleted, doubled, swapped, replaced or spliced end with
/// rows or with an error of Quarry's own (R13, R14). `-Dcases=N` runs more, `-Dseed=N` the same
/// again.
class HostileTextTest {
  private static final Pattern WORD =
      Pattern.compile("\\s+|\\w+|'[^']*'|\"[^\"]*\"|`[^`]*`|<-|->|\\.\\.|.", Pattern.DOTALL);
  private static final List<String> ODD =
      List.of(
          "'",
          "\"",
          "`",
          "/*",
          "*/",
          "//",
          "\0",
          "\uD800",
          "\u202E",
          "9223372036854775808",
          "1e999",
          "0x",
          "$",
          "$p",
          "..",
          "null",
          "NaN",
          "(",
          ")",
          "[",
          "]",
          "{",
          "}",
          "*",
          "EXISTS",
          "CALL",
          "FOREACH",
          "-9223372036854775808",
          "\\u",
          "{0}",
          "=~",
          "IN",
          "|",
          "datetime()",
          "[[[");

  private final long seed = Long.getLong("seed", System.nanoTime());

  @Test
  void anyTextIsRowsOrATypedError() {
    List<String> statements =
        Scenario.all().stream()
            .flatMap(scenario -> scenario.steps().stream())
            .filter(step -> step.body() != null && step.text().contains("execut"))
            .map(step -> String.valueOf(step.body()))
            .distinct()
            .toList();
    List<String> words = new ArrayList<>(ODD);
    statements.forEach(statement -> words.addAll(words(statement)));
    QueryOptions options = QueryOptions.DEFAULT.withTimeout(Duration.ofSeconds(2));
    int answered = 0;
    int cases = Integer.getInteger("cases", 600);
    Quarry db = Quarry.inMemory();
    for (int i = 0; i < cases; i++) {
      Random random = new Random(seed + i);
      if (i % 200 == 199) {
        db.close();
        db = Quarry.inMemory();
      }
      String text = changed(statements, words, random);
      try {
        db.run(db.prepare(text), Map.of("p", 1), options).rows().size();
        answered++;
      } catch (QuarryException refused) {
        continue;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("-Dseed=" + (seed + i) + " -Dcases=1: " + text, e);
      }
    }
    db.close();
    assertTrue(answered > 0, "seed " + seed);
  }

  private static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(matcher.group());
    }
    return words;
  }

  private static String changed(List<String> statements, List<String> pool, Random random) {
    List<String> words = words(statements.get(random.nextInt(statements.size())));
    for (int left = 1 + random.nextInt(4); left > 0 && !words.isEmpty(); left--) {
      int at = random.nextInt(words.size());
      int other = random.nextInt(words.size());
      String any = pool.get(random.nextInt(pool.size()));
      switch (random.nextInt(7)) {
        case 0 -> words.remove(at);
        case 1 -> words.add(at, words.get(other));
        case 2 -> words.set(at, words.set(other, words.get(at)));
        case 3 -> words.add(at, any);
        case 4 -> words.addAll(at, words(statements.get(random.nextInt(statements.size()))));
        case 5 -> words = new ArrayList<>(words.subList(0, at));
        default -> words.set(at, any);
      }
    }
    return String.join("", words);
  }
}
