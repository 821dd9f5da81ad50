package dev.quarry.cli.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.Point;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RendererTest {
  private static String render(Mode mode, int width, List<String> columns, List<?>... rows)
      throws IOException {
    StringBuilder out = new StringBuilder();
    assertEquals(
        rows.length,
        Renderer.of(mode, out, width).render(new ListRows(columns, Arrays.asList(rows))));
    return out.toString();
  }

  @Test
  void boxesFitTheirContentAndCountTheirRows() throws IOException {
    assertEquals(
        """
        ┌──────┬────┐
        │ name │ n  │
        ├──────┼────┤
        │ Zoë  │ 42 │
        │ 東京 │ -1 │
        └──────┴────┘
        2 rows
        """,
        render(Mode.BOX, 0, List.of("name", "n"), List.of("Zoë", 42L), List.of("東京", -1L)));
  }

  @Test
  void boxesAreCutToTheTerminalAndNeverDriveIt() throws IOException {
    assertEquals(
        """
        ┌──────────────┐
        │ text         │
        ├──────────────┤
        │ \\u001b[31m … │
        └──────────────┘
        1 row
        """,
        render(Mode.BOX, 16, List.of("text"), List.of("\u001b[31m a long text")));
  }

  @Test
  void csvTellsNullFromTheEmptyStringAndQuotesWhatItMust() throws IOException {
    assertEquals(
        "a,b,c\n,\"\",\"say \"\"hi\"\", now\"\n",
        render(Mode.CSV, 0, List.of("a", "b", "c"), Arrays.asList(null, "", "say \"hi\", now")));
    assertEquals(
        "a\tb\n1,5\t[1,2.0]\n",
        render(Mode.TSV, 0, List.of("a", "b"), List.of("1,5", List.of(1L, 2.0))));
  }

  @Test
  void jsonKeepsTheDocumentedShapes() throws IOException {
    NodeValue node = new NodeValue("n0.1.0", Set.of("Person"), Map.of("age", 7L));
    assertEquals(
        """
        {"n":{"id":"n0.1.0","labels":["Person"],"properties":{"age":7}},"f":1.0}
        """,
        render(Mode.JSONL, 0, List.of("n", "f"), List.of(node, 1.0)));
    assertEquals(
        """
        [
          {"x":null},
          {"x":"NaN"},
          {"x":{"srid":4326,"x":13.5,"y":1.0E300}},
          {"x":"2024-02-29"},
          {"x":"P1M"},
          {"x":{"id":"n0.2.0","deleted":true}}
        ]
        """,
        render(
            Mode.JSON,
            0,
            List.of("x"),
            Arrays.asList((Object) null),
            List.of(Double.NaN),
            List.of(new Point(Point.WGS_84, 13.5, 1e300)),
            List.of(LocalDate.of(2024, 2, 29)),
            List.of(new CypherDuration(1, 0, 0, 0)),
            List.of(NodeValue.deleted("n0.2.0"))));
    assertEquals("[]\n", render(Mode.JSON, 0, List.of("x")));
  }
}
