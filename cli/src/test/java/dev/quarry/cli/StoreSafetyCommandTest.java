package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `check`, `hash`, `backup`, `compact` and `repair`: what they print and how they end.
class StoreSafetyCommandTest extends CommandRuns {
  @TempDir Path folder;

  private String path(String name) {
    return folder.resolve(name + ".quarry").toString();
  }

  private void create(String name) {
    String people =
        "UNWIND range(1, 50) AS i CREATE (:Person {id: i, text: 'a text that needs more room'})";
    assertEquals(0, run("query", path(name), people));
    String knows =
        "MATCH (a:Person), (b:Person) WHERE b.id = a.id + 1 CREATE (a)-[:KNOWS {since: a.id}]->(b)";
    assertEquals(0, run("query", path(name), knows));
    assertEquals("", err());
  }

  /// Changes one byte of a text in a file, where the values of most nodes lie: it stands in
  /// estimates, too, also in older ones that nothing reaches.
  private void damage(String name, String text) throws IOException {
    Path file = Path.of(path(name));
    byte[] bytes = Files.readAllBytes(file);
    String content = new String(bytes, StandardCharsets.ISO_8859_1);
    List<Integer> found = new ArrayList<>();
    for (int at = content.indexOf(text); at > 0; at = content.indexOf(text, at + 1)) {
      found.add(at);
    }
    assertTrue(found.size() > 20, text);
    bytes[found.get(found.size() / 2)] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void aBackupHasTheHashOfItsOriginal() {
    create("a");
    assertEquals(0, run("hash", path("a"), "--json"));
    String hash = out();
    assertTrue(
        hash.matches(
            "\\{\"graph\":\"[0-9a-f]{32}\",\"schema\":\"[0-9a-f]{16}\",\"nodes\":50,"
                + "\"relationships\":49,\"commitNumber\":\\d+}\n"),
        hash);
    assertEquals(0, run("backup", path("a"), path("b")));
    assertTrue(out().startsWith(path("b") + ": "), out());
    assertEquals(0, run("check", path("b")));
    assertEquals(0, run("hash", path("b"), "--json"));
    assertEquals(hash, out());
    assertEquals(3, run("backup", path("a"), path("b")));
    assertTrue(err().contains("is not overwritten"), err());
    assertEquals(0, run("query", path("b"), "MATCH (n {id: 7}) SET n.id = 7.0"));
    assertEquals(0, run("hash", path("b"), "--json"));
    assertNotEquals(hash, out());
    assertEquals(3, run("hash", path("none")));
    assertEquals(2, run("backup", path("a")));
  }

  private void deleteMost(String name) {
    String more =
        "UNWIND range(1, 20000) AS i CREATE (:Log {text: 'a text that needs more room ' + i})";
    assertEquals(0, run("query", path(name), more));
    assertEquals(0, run("query", path(name), "MATCH (n:Log) DELETE n"));
  }

  @Test
  void compactMakesTheFileOfAThinnedGraphShorter() throws IOException {
    create("a");
    assertEquals(0, run("hash", path("a")));
    deleteMost("a");
    long before = Files.size(Path.of(path("a")));
    assertEquals(0, run("compact", path("a")));
    assertTrue(out().startsWith(path("a") + ": "), out());
    assertTrue(out().contains(" of it live\npages of lists and long values: "), out());
    long after = Files.size(Path.of(path("a")));
    assertTrue(after < before / 2, before + " bytes, then " + after);
    assertEquals(0, run("check", path("a")));
    assertEquals(0, run("compact", path("a"), "--json"));
    assertTrue(
        out()
            .matches(
                "\\{\"complete\":true,\"fileBytesBefore\":\\d+,\"fileBytesAfter\":\\d+,"
                    + "\"liveBytes\":\\d+,\"occupancyBefore\":[0-9.]+,\"occupancyAfter\":[0-9.]+,"
                    + "\"moved\":0,\"movedBytes\":\\d+}\n"),
        out());
  }

  @Test
  void compactPacksRelationshipsWhereItIsTold() throws IOException {
    StringBuilder edges = new StringBuilder();
    for (int i = 0; i < 40_000; i++) {
      edges.append(i * 7919L % 3000).append(' ').append(i * 104_729L % 3000).append('\n');
    }
    Path file = Files.writeString(folder.resolve("edges.txt"), edges);
    String[] load = {"load", path("a"), "--edges", file.toString(), "--type", "E", "--label", "V"};
    assertEquals(0, run(load), err());
    assertEquals(0, run("compact", path("a")));
    long plain = Files.size(Path.of(path("a")));
    assertEquals(0, run("hash", path("a"), "--json"));
    String hash = out();
    assertEquals(0, run("compact", path("a"), "--pack"));
    long packed = Files.size(Path.of(path("a")));
    assertTrue(packed < plain - 100_000, plain + " bytes, then " + packed);
    assertEquals(0, run("check", path("a")));
    assertEquals(0, run("hash", path("a"), "--json"));
    assertEquals(hash, out());
    assertEquals(0, run("compact", "--help"));
    assertTrue(out().contains("--pack"), out());
  }

  @Test
  void aCompactionThatIsInterruptedSaysThatTheStoreIsSound() {
    create("a");
    deleteMost("a");
    int[] left = {3};
    CompactCommand command = new CompactCommand(terminal());
    command.store = Path.of(path("a"));
    assertEquals(130, command.compact(() -> left[0]-- == 0));
    assertTrue(err().startsWith("interrupted: the store is sound"), err());
    assertEquals(0, run("check", path("a")));
    assertEquals(0, run("compact", path("a")));
  }

  @Test
  void compactRefusesWhatIsNotThere() {
    assertEquals(3, run("compact", path("none")));
    assertTrue(err().contains("no store at "), err());
    assertFalse(Files.exists(Path.of(path("none"))));
    assertEquals(2, run("compact"));
    assertEquals(0, run("compact", "--help"));
    assertTrue(out().contains("Ctrl-C ends it at any time"), out());
  }

  @Test
  void aDamagedTextIsFoundNamedAndAllElseIsSaved() throws IOException {
    create("a");
    damage("a", "needs more room");
    byte[] damaged = Files.readAllBytes(Path.of(path("a")));
    assertEquals(1, run("check", path("a"), "--json"));
    assertTrue(out().startsWith("{\"sound\":false,\"found\":"), out());
    assertTrue(out().contains("long values of nodes :Person: page "), out());
    assertEquals(1, run("backup", path("a"), path("b")));
    assertTrue(err().contains("failed its checksum"), err());
    assertFalse(Files.exists(Path.of(path("b"))));
    assertEquals(1, run("repair", path("a"), path("c"), "--json"));
    assertTrue(out().startsWith("{\"complete\":false,\"target\":"), out());
    assertTrue(out().contains("\"nodes\":50,\"relationships\":49,\"damagedPages\":1,"), out());
    assertTrue(
        out().contains("{\"kind\":\"properties\",\"of\":\"property text of nodes :Person\","),
        out());
    assertEquals("", err());
    assertEquals(0, run("check", path("c")));
    assertEquals(0, run("query", path("c"), "MATCH (n:Person) RETURN sum(n.id) AS s"));
    assertEquals("s\n1275\n", out());
    assertArrayEquals(damaged, Files.readAllBytes(Path.of(path("a"))));
    assertEquals(1, run("repair", path("a"), path("d")));
    assertTrue(out().contains("lost:\n"), out());
  }

  @Test
  void aDamagedMetaBlockIsFoundAndWhatOnlyReadsLeavesItAsItIs() throws IOException {
    create("a");
    Path file = Path.of(path("a"));
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 0, 4096, (byte) 0);
    Files.write(file, bytes);
    for (int times = 0; times < 2; times++) {
      assertEquals(1, run("check", path("a")));
      assertEquals(
          path("a")
              + " is damaged:\n  meta block 0 (bytes 0 to 4095) is damaged; the other one is whole"
              + " and in use, and whatever opens the store for writing writes this one again; check"
              + " the disk\n",
          out());
    }
    assertEquals(1, run("check", path("a"), "--json"));
    assertTrue(
        out().startsWith("{\"sound\":false,\"found\":1,\"problems\":[\"meta block 0 (b"), out());
    assertEquals(0, run("stats", path("a")));
    assertEquals(0, run("hash", path("a")));
    assertArrayEquals(bytes, Files.readAllBytes(file));
    try (Quarry db = Quarry.open(file)) { // which writes it again
      assertEquals(1, db.admin().check().found());
    }
    assertEquals(0, run("check", path("a")));
  }

  @Test
  void whateverWritesADamagedMetaBlockAgainTellsItOnce() throws IOException {
    create("a");
    Path file = Path.of(path("a"));
    Path edges = Files.writeString(folder.resolve("e.txt"), "1 2\n");
    List<String[]> commands =
        List.of(
            new String[] {"query", path("a"), "RETURN 1"},
            new String[] {"query", "--quiet", path("a"), "CREATE (:More)"},
            new String[] {"compact", path("a")},
            new String[] {
              "load", path("a"), "--edges", edges.toString(), "--type", "E", "--append"
            });
    for (String[] command : commands) {
      byte[] bytes = Files.readAllBytes(file);
      Arrays.fill(bytes, 4096, 8192, (byte) 0);
      Files.write(file, bytes);
      assertEquals(0, run(command));
      assertEquals(
          "warning: "
              + path("a")
              + ": meta block 1 (bytes 4096 to 8191) was damaged when the store was opened, and was"
              + " written again from the other one, which holds the same state; check the disk\n",
          err());
      assertEquals(0, run(command));
      assertEquals("", err());
    }
    assertEquals(0, run("check", path("a")));
  }

  @Test
  void aStoreThatMustBeRecoveredIsRecoveredByACheck() throws IOException {
    List<String> suffixes = List.of("", "-wal-000001");
    try (Quarry db = Quarry.open(Path.of(path("a")))) {
      db.run("CREATE (:Saved)");
      for (String suffix : suffixes) {
        Files.copy(Path.of(path("a") + suffix), Path.of(path("b") + suffix));
      }
    }
    for (String command : List.of("check", "stats", "hash")) {
      for (String suffix : suffixes) {
        Files.copy(Path.of(path("b") + suffix), Path.of(path(command) + suffix));
      }
      assertEquals(0, run(command, path(command)));
      assertFalse(Files.exists(Path.of(path(command) + "-wal-000001")));
    }
    assertTrue(out().contains("of 1 node"), out());
  }

  /// A name so long that there is none for a lock is refused as a folder is that cannot be written,
  /// for a superuser as well.
  @Test
  void whereNothingCanBeLockedAStoreIsCheckedUnlessItMustBeRecovered() throws IOException {
    String longest = path("x".repeat(255 - ".quarry".length()));
    try (Quarry db = Quarry.open(Path.of(path("a")))) {
      db.run("CREATE (:Saved)");
      Files.copy(Path.of(path("a")), Path.of(longest));
    }
    for (String command : List.of("check", "stats", "hash")) {
      assertEquals(3, run(command, longest));
      assertTrue(err().contains("was not closed cleanly and must be recovered first"), err());
    }
    Files.copy(Path.of(path("a")), Path.of(longest), StandardCopyOption.REPLACE_EXISTING);
    for (String command : List.of("check", "stats", "hash")) {
      assertEquals(0, run(command, longest), err());
    }
  }

  @Test
  void aSoundStoreIsRepairedWithoutLoss() {
    create("a");
    assertEquals(0, run("repair", path("a"), path("b")));
    assertTrue(out().endsWith("nothing is lost\n"), out());
    assertEquals(3, run("repair", path("a"), path("b")));
    assertEquals(3, run("repair", path("none"), path("c")));
    assertTrue(err().contains("no store at"), err());
  }

  @Test
  void whatCannotBeOpenedIsExitThree() throws IOException {
    create("a");
    Path file = Path.of(path("a"));
    byte[] bytes = Files.readAllBytes(file);
    for (int at = 40; at < 8192; at += 4096) {
      bytes[at] ^= 1;
    }
    Files.write(file, bytes);
    assertEquals(3, run("check", path("a")));
    assertTrue(err().contains("neither of its two meta blocks is whole"), err());
    assertTrue(err().contains("quarry repair"), err());
    assertEquals(3, run("repair", path("a"), path("b")));
    assertFalse(Files.exists(Path.of(path("b"))));
  }

  @Test
  void aStoreWithoutItsLogIsRefusedAndTheWayOutIsNamed() throws IOException {
    try (Quarry db = Quarry.open(Path.of(path("a")))) {
      db.run("CREATE (:Saved)");
      db.admin().checkpoint();
      db.run("CREATE (:OnlyInTheLog)");
      Files.copy(Path.of(path("a")), Path.of(path("b")));
    }
    assertEquals(3, run("check", path("b")));
    assertTrue(err().contains("b.quarry-wal-000001 is missing"), err());
    assertTrue(err().contains("quarry repair --without-wal"), err());
    assertEquals(3, run("repair", path("b"), path("c")));
    assertEquals(1, run("repair", path("b"), path("c"), "--without-wal"));
    assertTrue(out().contains("commits: commits after "), out());
    assertEquals(0, run("check", path("c")));
    assertEquals(0, run("query", path("c"), "MATCH (n) RETURN labels(n) AS l"));
    assertEquals("l\n\"[\"\"Saved\"\"]\"\n", out());
  }
}
