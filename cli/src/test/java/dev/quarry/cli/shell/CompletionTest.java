package dev.quarry.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jline.reader.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Tab offers.
class CompletionTest {
  @TempDir Path folder;

  private final Completion completion =
      new Completion(
          () ->
              new Completion.Names(
                  List.of("Person", "Big City"),
                  List.of("KNOWS"),
                  List.of("name", "born"),
                  List.of("limit")),
          List.of("toUpper", "date.truncate"),
          List.of(":help", ":mode", ":source"));

  private List<String> offers(String text) {
    return completion.candidates(text, text.length()).stream().map(Candidate::value).toList();
  }

  @Test
  void namesFitThePlace() {
    assertEquals(List.of("Person", "`Big City`"), offers("MATCH (n:Pe"));
    assertEquals(List.of("KNOWS"), offers("MATCH (n:Person)-[:"));
    assertEquals(List.of("KNOWS"), offers("MATCH ()-[r:LIKES|"));
    assertEquals(List.of("Person", "`Big City`"), offers("MATCH ()-[:KNOWS]->(:"));
    assertEquals(List.of("name", "born"), offers("MATCH (n) RETURN n.na"));
    assertEquals(List.of("limit"), offers("RETURN 1 LIMIT $"));
    assertEquals(List.of("name", "born"), offers("MATCH (n {").subList(0, 2));
    assertEquals(List.of("name", "born"), offers("MATCH (n {name: 1, ").subList(0, 2));
    assertEquals(List.of(), offers("RETURN {a:"));
    assertTrue(offers("ret").containsAll(List.of("RETURN", "toUpper(", "date.truncate(")));
    assertFalse(offers("ret").contains("Person"));
  }

  @Test
  void commandsAndTheirArguments() throws IOException {
    assertEquals(List.of(":help", ":mode", ":source"), offers(":"));
    assertEquals(List.of("box", "csv", "tsv", "json", "jsonl"), offers(":mode j"));
    assertEquals(List.of("on", "off"), offers(":timer "));
    assertEquals(List.of("limit", "clear"), offers(":param "));
    Files.writeString(folder.resolve("a.cypher"), "");
    Files.createDirectory(folder.resolve("b"));
    assertEquals(List.of(folder + "/a.cypher", folder + "/b/"), offers(":source " + folder + "/"));
    assertEquals(List.of(), offers(":source " + folder + "/none/x"));
  }
}
