package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.CypherDuration;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Point;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.load.Loader;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetTime;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Stores that an earlier build wrote open with this one, and hold what they held.
///
/// `-Dquarry.updateGolden=true` writes the files of the current format anew: only when a format is
/// new, never to make this test pass.
class GoldenFileTest {
  /// Stores that were closed; those of the last format were killed as well.
  private static final List<String> FORMATS =
      List.of(
          "format-1-catalog-3",
          "format-1-catalog-4",
          "format-1-catalog-6",
          "format-1-catalog-7",
          "format-1-catalog-8");

  private static final String FORMAT = FORMATS.getLast();
  private static final String LOG = "-wal-000001";

  @TempDir Path folder = Path.of("");

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(16 << 20);
  }

  private static String hash(GraphStore store) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      GraphHash.Result hash = GraphHash.run(snapshot, store.store(), Progress.NONE);
      return "%016x%016x %016x %d %d"
          .formatted(hash.high(), hash.low(), hash.schema(), hash.nodes(), hash.relationships());
    }
  }

  private static String expected(String format, String name) throws IOException {
    try (InputStream in = resource(format, name + ".hash")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
    }
  }

  private static InputStream resource(String format, String name) {
    InputStream in = GoldenFileTest.class.getResourceAsStream("/golden/" + format + "/" + name);
    assertTrue(in != null, name);
    return in;
  }

  private void unpack(String format, String name) throws IOException {
    try (InputStream in = new GZIPInputStream(resource(format, name + ".gz"))) {
      Files.copy(in, folder.resolve(name), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private void verify(String format, String name, StoreOptions options) throws IOException {
    GraphStore store = GraphStore.open(folder.resolve(name + ".quarry"), options);
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems());
    assertEquals(expected(format, name), hash(store));
    if (!options.readOnly()) {
      try (GraphTransaction tx = store.beginWrite()) {
        Node node = tx.findNode("Person", "id", 3).orElseThrow();
        tx.createRelationship(node, "KNOWS", node, Map.of("new", true));
        tx.commit();
      }
      if (format.equals(FORMAT)) {
        rename(store, 9);
      }
      freezeAll(store);
      assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  @Test
  void aStoreThatWasClosedOpensAndHoldsWhatItHeld() throws IOException {
    for (String format : FORMATS) {
      unpack(format, "clean.quarry");
      verify(format, "clean", options().withReadOnly(true));
      verify(format, "clean", options());
    }
  }

  @Test
  void theLastFormatHasFrozenStrings() throws IOException {
    unpack(FORMAT, "clean.quarry");
    try (GraphStore store = GraphStore.open(folder.resolve("clean.quarry"), options());
        GraphSnapshot snapshot = store.beginRead()) {
      long columns =
          snapshot.catalog().arenas().stream()
              .flatMap(arena -> arena.columns().stream())
              .filter(column -> column.dictionary().exist())
              .count();
      assertEquals(2, columns);
    }
  }

  @Test
  void theLastFormatHasPackedListsOfRelationshipsWithProperties() throws IOException {
    unpack(FORMAT, "clean.quarry");
    try (GraphStore store = GraphStore.open(folder.resolve("clean.quarry"), options());
        GraphSnapshot snapshot = store.beginRead()) {
      int type = snapshot.catalog().type("KNOWS");
      long packed =
          snapshot.catalog().kinds().stream()
              .filter(kind -> kind.type() == type)
              .map(kind -> snapshot.pages().table(kind.spaces().runs().groups()).address(0))
              .filter(group -> Memory.getByte(group + 12) == 8 && Memory.getByte(group + 13) == 1)
              .count();
      assertTrue(packed > 0);
    }
  }

  @Test
  void aStoreThatWasKilledIsRecoveredFromItsLog() throws IOException {
    unpack(FORMAT, "unclean.quarry");
    unpack(FORMAT, "unclean.quarry" + LOG);
    verify(FORMAT, "unclean", options());
  }

  /// Something of each kind that the format knows.
  @Test
  @EnabledIfSystemProperty(named = "quarry.updateGolden", matches = "true")
  void writeTheFilesOfTheCurrentFormat() throws IOException {
    Path target = Path.of("src/test/resources/golden", FORMAT).toAbsolutePath();
    Files.createDirectories(target);
    Path clean = folder.resolve("clean.quarry");
    GraphStore store = GraphStore.open(clean, options());
    load(store);
    people(store);
    schema(store);
    texts(store);
    freezeAll(store);
    Files.writeString(target.resolve("clean.hash"), hash(store) + "\n");
    store.close();
    pack(clean, target.resolve("clean.quarry.gz"));

    Path unclean = folder.resolve("unclean.quarry");
    store = GraphStore.open(unclean, options());
    people(store);
    schema(store);
    texts(store);
    freezeAll(store);
    store.store().checkpoint();
    people(store);
    rename(store, 7);
    Files.writeString(target.resolve("unclean.hash"), hash(store) + "\n");
    pack(unclean, target.resolve("unclean.quarry.gz"));
    Path log = folder.resolve("unclean.quarry" + LOG);
    pack(log, target.resolve("unclean.quarry" + LOG + ".gz"));
    store.close();
  }

  /// Packs all lists that can be, and freezes all strings that repeat.
  private static void freezeAll(GraphStore store) {
    System.setProperty("quarry.leastFrozenBytes", "1");
    System.setProperty("quarry.leastSavedBytes", "-65536");
    try {
      Compaction.run(store, true, Runnable::run, () -> false, Progress.NONE);
    } finally {
      System.clearProperty("quarry.leastFrozenBytes");
      System.clearProperty("quarry.leastSavedBytes");
    }
  }

  private static void pack(Path file, Path target) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(target))) {
      Files.copy(file, out);
    }
  }

  /// Lists of their own, among them a hub.
  private void load(GraphStore store) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 1; i <= 1_300; i++) {
      lines.append("0 ").append(i).append('\n').append(i).append(' ').append(i / 2).append('\n');
    }
    Path edges = Files.writeString(folder.resolve("edges.txt"), lines.toString());
    new Loader(store).load(new LoadPlan().edges("LINK", "Page", edges), Progress.NONE);
  }

  private static void people(GraphStore store) {
    List<Object> values =
        List.of(
            true,
            -1L,
            2.5,
            "",
            "a text that does not fit into its cell",
            "a text of many pages ".repeat(1_500),
            LocalDate.of(-5, 2, 28),
            LocalTime.of(23, 59, 59, 999_999_999),
            OffsetTime.parse("12:00:00+02:00"),
            LocalDateTime.parse("1999-12-31T23:59:59.5"),
            ZonedDateTime.parse("2024-03-31T02:30:00+02:00[Europe/Berlin]"),
            new CypherDuration(14, -3, 70, 5),
            new Point(Point.WGS_84, 13.4, 52.5),
            List.of(1L, 2L, 3L),
            List.of());
    try (GraphTransaction tx = store.beginWrite()) {
      List<Node> made = new ArrayList<>();
      for (int i = 0; i < values.size(); i++) {
        Map<String, ?> properties = Map.of("id", (long) i, "value", values.get(i));
        made.add(
            tx.createNode(i % 4 == 0 ? Set.of("Odd", "Person") : Set.of("Person"), properties));
      }
      for (int i = 0; i < 60; i++) {
        Node from = made.get(i % made.size());
        Node to = made.get(i * 7 % made.size());
        tx.createRelationship(from, "KNOWS", to, i % 3 == 0 ? Map.of("since", i) : Map.of());
      }
      Relationship bare = tx.createRelationship(made.get(1), "LIKES", made.get(2), Map.of());
      tx.setProperty(bare, "late", 1);
      tx.addLabel(made.get(5), "Extra");
      tx.removeLabel(made.get(6), "Person");
      tx.detachDelete(made.get(7));
      tx.commit();
    }
  }

  /// Strings of which there are few different ones, with some of other kinds between them.
  private static void texts(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (int i = 0; i < 1_000; i++) {
        Object note = i % 100 == 1 ? i : "a note that does not fit into its cell " + i % 9;
        Map<String, ?> properties = Map.of("number", i, "name", "town " + i % 90, "note", note);
        tx.createNode(Set.of("Town"), properties);
      }
      tx.commit();
    }
  }

  private static void rename(GraphStore store, int number) {
    try (GraphTransaction tx = store.beginWrite()) {
      Node town = tx.findNode("Town", "number", number).orElseThrow();
      tx.setProperty(town, "name", "another town, which has a long name");
      tx.setProperty(town, "note", null);
      tx.commit();
    }
  }

  private static void schema(GraphStore store) {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createIndex("values", SchemaTarget.nodes("Person", "value"), false);
      tx.commit();
    }
    try (GraphTransaction tx = store.beginWrite()) {
      SchemaTarget target = SchemaTarget.nodes("Person", "id");
      tx.createConstraint("ids", target, ConstraintKind.EXISTS, List.of(), false);
      tx.commit();
    }
  }
}
