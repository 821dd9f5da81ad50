package dev.quarry.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;

/// The line editor on a terminal that moves its cursor.
class LineEditorTest {
  private static LineEditor editor(Dialogue dialogue) throws IOException {
    ExternalTerminal terminal =
        new ExternalTerminal("test", "ansi", dialogue.in(), dialogue.out(), StandardCharsets.UTF_8);
    Completion.Names names =
        new Completion.Names(List.of("Person"), List.of(), List.of("name"), List.of());
    return new LineEditor(
        terminal, null, new Completion(() -> names, List.of("toUpper"), List.of(":schema")));
  }

  @Test
  void tabCompletesWordsOfEveryLine() throws IOException {
    Dialogue dialogue =
        new Dialogue()
            .keys("match (n:Pe\t")
            .when("rson", ") retur\t")
            .when("RETURN", "toup\t")
            .when("Upper(", "n.n\t")
            .when("ame", ")\n")
            .when("...>", ";\n")
            .keys(":sc\t")
            .when("hema", "\n");
    try (LineEditor editor = editor(dialogue)) {
      assertEquals(
          "match (n:Person ) RETURN toUpper(n.name )\n;", editor.read("quarry> ", () -> {}));
      assertEquals(":schema", editor.read("quarry> ", () -> {}).strip());
      assertNull(editor.read("quarry> ", () -> {}));
    }
    assertNull(dialogue.missed());
  }

  @Test
  void ctrlCGivesUpAllLinesOfAStatement() throws IOException {
    Dialogue dialogue =
        new Dialogue().keys("CREATE (:Lost\n").when("...>", "\u0003").keys("RETURN 1;\n");
    try (LineEditor editor = editor(dialogue)) {
      assertEquals(LineEditor.INTERRUPTED, editor.read("quarry> ", () -> {}));
      assertEquals("RETURN 1;", editor.read("quarry> ", () -> {}));
      assertEquals(List.of("RETURN 1;"), editor.history());
    }
    assertNull(dialogue.missed());
  }

  @Test
  void whatIsUnfinishedGoesOn() {
    for (String text :
        List.of("RETURN 1", "RETURN ';", "RETURN `;", "RETURN 1; RETURN", "/* ;", "BEGIN x")) {
      assertTrue(StatementLines.isUnfinished(text), text);
    }
    for (String text :
        List.of("", "RETURN 1;", "RETURN 1; // done", ":mode csv", "BEGIN", "commit;", ";", "//")) {
      assertTrue(!StatementLines.isUnfinished(text), text);
    }
  }

  @Test
  void theHistoryLiesInTheFolderOfState() {
    assertEquals("/s/quarry/history", HistoryFile.of(Map.of("XDG_STATE_HOME", "/s"), "/h") + "");
    assertEquals("/h/.local/state/quarry/history", HistoryFile.of(Map.of(), "/h") + "");
  }
}
