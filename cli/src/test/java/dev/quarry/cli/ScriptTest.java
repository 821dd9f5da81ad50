package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.query.syntax.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// How scripts are cut into statements and commands.
class ScriptTest {
  private static final String SCRIPT =
      """
      RETURN 'a;b', "c\\";d", `e;f`; // not; here
      /* nor; here */ MATCH (n)
      RETURN n;;
        :param x => 'a;b'
      BEGIN
      CREATE (:A); commit; 🙂 RETURN 1; :rollback; RETURN 2;
      .mode csv
      RETURN
      begin
      ;
      last / 'one;
      """;

  private static List<Script.Part> cut(String text, Random random) {
    Script script = new Script();
    List<Script.Part> parts = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      int end = Math.min(text.length(), at + 1 + random.nextInt(9));
      parts.addAll(script.add(text.substring(at, end)));
      at = end;
    }
    Script.Part last = script.rest();
    if (last != null) {
      parts.add(last);
    }
    assertFalse(script.isPending());
    return parts;
  }

  @Test
  void partsKnowTheirPlaces() {
    assertEquals(
        List.of(
            new Script.Part("RETURN 'a;b', \"c\\\";d\", `e;f`", 1, 1),
            new Script.Part("MATCH (n)\nRETURN n", 2, 17),
            new Script.Part(":param x => 'a;b'", 4, 3),
            new Script.Part("BEGIN", 5, 1),
            new Script.Part("CREATE (:A)", 6, 1),
            new Script.Part("commit", 6, 14),
            new Script.Part("🙂 RETURN 1", 6, 22),
            new Script.Part(":rollback", 6, 34),
            new Script.Part("RETURN 2", 6, 45),
            new Script.Part(".mode csv", 7, 1),
            new Script.Part("RETURN\nbegin", 8, 1),
            new Script.Part("last / 'one;", 11, 1)),
        cut(SCRIPT, new Random(0)));
  }

  @Test
  void howTheTextArrivesDoesNotMatter() {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    List<Script.Part> whole = new ArrayList<>();
    Script script = new Script();
    whole.addAll(script.add(SCRIPT));
    Script.Part last = script.rest();
    if (last != null) {
      whole.add(last);
    }
    for (int i = 0; i < 500; i++) {
      assertEquals(whole, cut(SCRIPT, random), "-Dseed=" + seed);
    }
  }

  @Test
  void aStatementIsThereWithItsSemicolonAndACommandWithItsLine() {
    Script script = new Script();
    assertEquals(List.of(), script.add("RETURN 1"));
    assertTrue(script.isPending());
    assertEquals(1, script.add(";").size());
    assertFalse(script.isPending());
    assertEquals(List.of(), script.add(":mode csv"));
    assertEquals(1, script.add("\n").size());
    assertEquals(List.of(), script.add("COMMIT"));
    assertEquals("COMMIT", script.add("\n").getFirst().transactionWord());
    assertEquals(List.of(), script.add("// a comment\n /* and another */ \n"));
    assertFalse(script.isPending());
    assertEquals(List.of(), script.add("/* one that goes on"));
    assertTrue(script.isPending());
  }
}
