package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.quarry.Quarry;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// `docs/errors.md` has one section for each code, with its GQLSTATUS and an example; statements
/// among the examples raise that code, with the text that stands below them.
///
/// `-Dquarry.updateErrorPages=true` writes the texts anew.
class ErrorPagesTest {
  private static final Pattern INDEX =
      Pattern.compile("(?m)^\\| \\[(\\S+)]\\(#(\\S+)\\) \\| (\\w{5}) \\| ([^|]+) \\|$");
  private static final Pattern SECTION =
      Pattern.compile("(?ms)^### (\\S+)\\n\\nGQLSTATUS (\\w{5}): (.+?)\\n(.*?)(?=^##|\\z)");
  private static final Pattern EXAMPLE =
      Pattern.compile("(?s)```cypher\\n(.+?)\\n```\\n\\n```text\\n(.*?)```");
  private static final Pattern SETUP = Pattern.compile("(?s)```cypher setup\\n(.+?)\\n```");

  private static Path page() {
    Path page = Path.of("docs", "errors.md").toAbsolutePath();
    while (!Files.exists(page)) {
      page = page.getParent().getParent().getParent().resolve("docs").resolve("errors.md");
    }
    return page;
  }

  @Test
  void everyCodeHasASectionAndEverySectionACode() throws IOException {
    Map<String, String> codes = new LinkedHashMap<>();
    Arrays.stream(ErrorCode.values()).forEach(code -> codes.put(code.text(), code.gqlStatus()));
    String text = Files.readString(page());
    assertEquals(sorted(codes), sorted(statuses(SECTION.matcher(text), 2)));
    assertEquals(sorted(codes), sorted(statuses(INDEX.matcher(text), 3)));
    assertEquals(
        headings(text),
        SECTION.matcher(text).results().map(section -> section.group(1)).toList(),
        "sections without a line of GQLSTATUS");
  }

  private static List<String> headings(String text) {
    return text.lines().filter(line -> line.startsWith("### ")).map(l -> l.substring(4)).toList();
  }

  private static Map<String, String> statuses(Matcher lines, int statusGroup) {
    Map<String, String> statuses = new LinkedHashMap<>();
    while (lines.find()) {
      String before = statuses.put(lines.group(1), lines.group(statusGroup));
      assertEquals(null, before, lines.group(1) + " stands there twice");
    }
    return statuses;
  }

  private static List<String> sorted(Map<String, String> statuses) {
    return statuses.entrySet().stream().map(Map.Entry::toString).sorted().toList();
  }

  @Test
  void theIndexLinksToTheSectionsAndSaysWhatTheySay() throws IOException {
    String text = Files.readString(page());
    List<String> sections =
        SECTION
            .matcher(text)
            .results()
            .map(s -> s.group(1) + " " + s.group(3).replaceFirst("\\.$", ""))
            .toList();
    assertEquals(
        sections,
        INDEX.matcher(text).results().map(line -> line.group(1) + " " + line.group(4)).toList());
    INDEX
        .matcher(text)
        .results()
        .forEach(
            line ->
                assertEquals(line.group(1).toLowerCase().replace(".", ""), line.group(2), "link"));
  }

  @TestFactory
  Stream<DynamicTest> everySectionHasAnExampleThatIsTrue() throws IOException {
    String text = Files.readString(page());
    Matcher setup = SETUP.matcher(text);
    assertTrue(setup.find());
    List<DynamicTest> tests = new ArrayList<>();
    SECTION
        .matcher(text)
        .results()
        .forEach(
            section -> {
              String code = section.group(1);
              String body = section.group(4);
              tests.add(dynamicTest(code, () -> examples(setup.group(1), code, body)));
            });
    return tests.stream();
  }

  private static void examples(String setup, String code, String body) throws IOException {
    Matcher example = EXAMPLE.matcher(body);
    boolean any = body.contains("*When:*");
    while (example.find()) {
      any = true;
      String statement = example.group(1);
      QuarryException error = errorOf(setup, statement);
      assertEquals(code, error.code().text(), statement);
      String printed = ErrorPrinter.text(error, statement);
      if (Boolean.getBoolean("quarry.updateErrorPages")) {
        update(statement, printed);
      } else {
        assertEquals(printed, example.group(2), statement);
      }
    }
    assertTrue(any, "neither a statement nor a situation");
  }

  private static QuarryException errorOf(String setup, String statement) {
    try (Quarry db = Quarry.inMemory()) {
      db.run(setup);
      try {
        db.run(statement);
      } catch (QuarryException e) {
        return e;
      }
      throw new AssertionError("no error: " + statement);
    }
  }

  private static void update(String statement, String printed) throws IOException {
    String text = Files.readString(page());
    String block = "```cypher\n" + statement + "\n```\n\n```text\n";
    int begin = text.indexOf(block) + block.length();
    int end = text.indexOf("```", begin);
    Files.writeString(page(), text.substring(0, begin) + printed + text.substring(end));
  }
}
