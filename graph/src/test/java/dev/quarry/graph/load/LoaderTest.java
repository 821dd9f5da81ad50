package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.SchemaTarget;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files become graphs, and wrong files become one clear error and no graph.
class LoaderTest {
  @TempDir Path folder = Path.of("");
  private GraphStore store;

  LoaderTest() {
    this.store = GraphStore.inMemory(StoreOptions.defaults());
  }

  @BeforeEach
  void open() {
    store.close();
    store = GraphStore.open(folder.resolve("x.quarry"), StoreOptions.defaults());
  }

  @AfterEach
  void checkAndClose() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private LoadReport load(LoadPlan plan) {
    return new Loader(store).load(plan, Progress.NONE);
  }

  private LoadException refused(LoadPlan plan) {
    LoadException error = assertThrows(LoadException.class, () -> load(plan));
    assertEmpty();
    return error;
  }

  private void assertEmpty() {
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor nodes = snapshot.nodes()) {
      assertFalse(nodes.next(), "the store is not as it was");
    }
  }

  @Test
  void everyTypeOfTheHeaderConventionIsRead() throws IOException {
    Path people =
        file(
            "people.csv",
            "id:ID(P),name,age:int,tall:boolean,height:double,born:date,tags:string[],:LABEL,x:IGNORE\n"
                + "1,\"Ada, \"\"Countess\"\"\",36,true,1.65,1815-12-10,a;b,Writer;Rich,?\n"
                + "2,,,,,,,,\n");
    Path knows =
        file("knows.csv", ":START_ID(P),:END_ID(P),since:int,:TYPE\n1,2,1830,KNOWS\n2,1,,LIKES\n");
    LoadReport report = load(new LoadPlan().nodes("Person", people).relationships("", knows));
    assertEquals(2, report.nodes());
    assertEquals(2, report.relationships());
    try (GraphSnapshot snapshot = store.beginRead()) {
      Node ada = snapshot.findNode("Writer", "id", 1L).orElseThrow();
      assertEquals(Set.of("Person", "Writer", "Rich"), snapshot.labels(ada));
      assertEquals(
          Map.of(
              "id",
              1L,
              "name",
              "Ada, \"Countess\"",
              "age",
              36L,
              "tall",
              true,
              "height",
              1.65,
              "born",
              java.time.LocalDate.of(1815, 12, 10),
              "tags",
              List.of("a", "b")),
          snapshot.copy(ada).properties());
      try (RelationshipCursor out = snapshot.relationships(ada, Direction.OUTGOING)) {
        assertTrue(out.next());
        assertEquals("KNOWS", out.type());
        assertEquals(1830L, out.get(snapshot.key("since")));
      }
    }
  }

  @Test
  void idsAreIntegersOnlyIfAllAre() throws IOException {
    load(new LoadPlan().nodes("A", file("a.csv", "id:ID\n7\n8\n007\n")));
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertTrue(snapshot.findNode("A", "id", "7").isPresent());
      assertTrue(snapshot.findNode("A", "id", "007").isPresent());
      assertTrue(snapshot.findNode("A", "id", 7L).isEmpty());
    }
  }

  @Test
  void plainFilesAreDescribedByThePlan() throws IOException {
    FileFormat format = new FileFormat('|', 1, "id:ID(C){integer},name");
    load(new LoadPlan().nodes("City", file("c.csv", "what|ever\n10|Ulm\n"), format));
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertTrue(snapshot.findNode("City", "name", "Ulm").isPresent());
    }
  }

  @Test
  void wrongRowsNameFileLineColumnAndReason() throws IOException {
    Path nodes = file("n.csv", "id:ID,age:int\n1,5\n2,old\n1,6\n,7\n3\n");
    LoadException error = refused(new LoadPlan().nodes("N", nodes));
    assertEquals(ErrorCode.LOAD_REJECTS, error.code());
    assertTrue(
        error.getMessage().contains("n.csv:3, column 2: age: `old` is no int"), error.getMessage());

    Path rejects = folder.resolve("rejects.csv");
    LoadReport report = load(new LoadPlan().nodes("N", nodes).tolerate(4).rejects(rejects));
    assertEquals(1, report.nodes());
    assertEquals(4, report.rejected());
    List<String> lines = Files.readAllLines(rejects);
    assertEquals("file,line,column,reason", lines.getFirst());
    assertTrue(lines.get(2).endsWith("4,1,duplicate id `1`"), lines.get(2));
    assertTrue(lines.get(3).endsWith("5,1,the id is empty"), lines.get(3));
    assertTrue(lines.get(4).contains("6,0,"), lines.get(4));
  }

  @Test
  void danglingEndsAreRejected() throws IOException {
    Path nodes = file("n.csv", "id:ID\n1\n");
    Path edges = file("r.csv", ":START_ID,:END_ID\n1,2\n");
    LoadException error = refused(new LoadPlan().nodes("N", nodes).relationships("R", edges));
    assertTrue(
        error.getMessage().contains("r.csv:2, column 2: no node has the id `2`"),
        error.getMessage());
  }

  @Test
  void unreadableInputIsOneClearError() throws IOException {
    assertEquals(
        ErrorCode.LOAD_INPUT,
        refused(new LoadPlan().nodes("N", folder.resolve("missing.csv"))).code());
    Path quote = file("quote.csv", "id:ID,name\n1,\"never closed\n2,x\n");
    refused(new LoadPlan().nodes("N", quote));
    Path header = file("header.csv", "id:ID,name:strnig\n1,x\n");
    assertEquals(ErrorCode.LOAD_HEADER, refused(new LoadPlan().nodes("N", header)).code());
    Path bytes = folder.resolve("latin.csv");
    Files.write(bytes, new byte[] {'i', 'd', ':', 'I', 'D', '\n', (byte) 0xE4, '\n'});
    assertEquals(ErrorCode.LOAD_INPUT, refused(new LoadPlan().nodes("N", bytes)).code());
    Path noSpace = file("r.csv", ":START_ID(Q),:END_ID(Q)\n1,2\n");
    assertEquals(ErrorCode.LOAD_HEADER, refused(new LoadPlan().relationships("R", noSpace)).code());
    Path text = file("edges.txt", "# comment\n1 2\n3 x\n");
    LoadException error = refused(new LoadPlan().edges("E", "", text));
    assertTrue(error.getMessage().contains("edges.txt:3, column 2"), error.getMessage());
  }

  @Test
  void aSecondLoadNeedsAppend() throws IOException {
    Path edges = file("e.txt", "1 2\n2 3\n");
    load(new LoadPlan().edges("E", "V", edges));
    LoadException error =
        assertThrows(LoadException.class, () -> load(new LoadPlan().edges("E", "V", edges)));
    assertEquals(ErrorCode.LOAD_USAGE, error.code());
    load(new LoadPlan().edges("E", "V", edges).append());
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(4, snapshot.countRelationships("E"));
    }
  }

  /// A file of many chunks, in which some lines are no edges.
  @Test
  void rejectsOfLargeFilesHaveTheNumbersOfTheirLines() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    StringBuilder text = new StringBuilder("# a comment\r\n");
    List<String> expected = new ArrayList<>(List.of("file,line,column,reason"));
    int edges = 0;
    for (int line = 2; line <= 300_000; line++) {
      int kind = random.nextInt(1000);
      if (kind == 0) {
        text.append("x 1\n");
        expected.add("e.txt," + line + ",1,the id of a node must be an integer");
      } else if (kind == 1) {
        text.append("7 8.5\n");
        expected.add("e.txt," + line + ",2,the id of a node must be an integer");
      } else if (kind == 2) {
        text.append("% ").append("words ".repeat(random.nextInt(100))).append('\n');
      } else if (kind == 3) {
        text.append('\n');
      } else {
        text.append(random.nextInt(1000)).append('\t').append(random.nextInt(1000)).append("\r\n");
        edges++;
      }
    }
    text.append("1 2"); // without a line end
    Path file = file("e.txt", text.toString());
    Path rejects = folder.resolve("rejects.csv");
    LoadReport report =
        load(new LoadPlan().edges("E", "V", file).rejects(rejects).tolerate(1_000_000));
    assertEquals(edges + 1, report.relationships(), "seed " + seed);
    assertEquals(expected.size() - 1, report.rejected(), "seed " + seed);
    List<String> lines = new ArrayList<>();
    Files.readAllLines(rejects).forEach(line -> lines.add(line.replace(folder + "/", "")));
    assertEquals(expected, lines, "seed " + seed);
  }

  /// Most chunks have rows that are two integers; here and there one has others.
  @Test
  void rejectsAmongManyPairsHaveTheNumbersOfTheirLines() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    StringBuilder nodes = new StringBuilder("id:ID\n");
    for (int id = 0; id < 1000; id++) {
      nodes.append(id).append('\n');
    }
    StringBuilder text = new StringBuilder(":END_ID,:START_ID\r\n");
    List<String> expected = new ArrayList<>(List.of("file,line,column,reason"));
    int[] degrees = new int[1000];
    int count = 0;
    for (int line = 2; line <= 300_000; line++) {
      int kind = random.nextInt(40_000);
      if (kind == 0) {
        text.append("7,x\n");
        expected.add("r.csv," + line + ",2,no node has the id `x`");
      } else if (kind == 1) {
        text.append("1000,7\n");
        expected.add("r.csv," + line + ",1,no node has the id `1000`");
      } else if (kind == 2) {
        text.append("7\n");
        expected.add("r.csv," + line + ",0,\"expected 2 fields, found 1\"");
      } else {
        int source = random.nextInt(1000);
        text.append(random.nextInt(1000)).append(',').append(source).append("\r\n");
        degrees[source]++;
        count++;
      }
    }
    Path rejects = folder.resolve("rejects.csv");
    LoadReport report =
        load(
            new LoadPlan()
                .nodes("V", file("n.csv", nodes.toString()))
                .relationships("E", file("r.csv", text.toString()))
                .rejects(rejects)
                .tolerate(1_000_000));
    assertEquals(count, report.relationships(), "seed " + seed);
    List<String> lines = new ArrayList<>();
    Files.readAllLines(rejects).forEach(line -> lines.add(line.replace(folder + "/", "")));
    assertEquals(expected, lines, "seed " + seed);
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor all = snapshot.nodes("V")) {
      while (all.next()) {
        int id = (int) all.getLong(snapshot.key("id"));
        assertEquals(
            degrees[id], snapshot.degree(all.node(), Direction.OUTGOING, "E"), "seed " + seed);
      }
    }
  }

  /// Ten times as many bytes of text as the load may use, and more of records.
  @Test
  void aFileOfTenTimesTheMemoryIsLoadedWithinIt() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    long limit = 2 << 20;
    int nodes = 10_000;
    long[] out = new long[nodes];
    long[] in = new long[nodes];
    StringBuilder text = new StringBuilder();
    long count = 0;
    for (; text.length() < 10 * limit; count++) {
      int from = random.nextInt(8) == 0 ? random.nextInt(3) : random.nextInt(nodes);
      int to = random.nextInt(nodes);
      text.append(from).append(' ').append(to).append('\n');
      out[from] += to * (to + 3L);
      in[to] += from * (from + 3L);
    }
    LoadReport report =
        load(new LoadPlan().edges("E", "V", file("e.txt", text.toString())).memory(limit));
    assertEquals(count, report.relationships());
    assertTrue(report.peakBytes() <= limit, report.peakBytes() + " bytes");
    assertFalse(Files.exists(folder.resolve("x.quarry-tmp").resolve("kind0-out")));
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor cursor = snapshot.nodes("V")) {
      var id = snapshot.key("id");
      long[] ids = new long[nodes]; // by slot: nodes come in order of slots
      List<Node> all = new ArrayList<>();
      while (cursor.next()) {
        ids[all.size()] = cursor.getLong(id);
        all.add(cursor.node());
      }
      Map<Node, Long> idOf = new java.util.HashMap<>();
      for (int i = 0; i < all.size(); i++) {
        idOf.put(all.get(i), ids[i]);
      }
      for (int i = 0; i < all.size(); i++) {
        int node = (int) ids[i];
        assertEquals(
            out[node], sum(snapshot, all.get(i), Direction.OUTGOING, idOf), "seed " + seed);
        assertEquals(in[node], sum(snapshot, all.get(i), Direction.INCOMING, idOf), "seed " + seed);
      }
    }
  }

  private static long sum(
      GraphSnapshot snapshot, Node node, Direction direction, Map<Node, Long> idOf) {
    long sum = 0;
    try (RelationshipCursor all = snapshot.relationships(node, direction)) {
      while (all.next()) {
        long id = idOf.get(all.neighbourNode());
        sum += id * (id + 3);
      }
    }
    return sum;
  }

  @Test
  void tooLittleMemoryIsATypedErrorAndLoadsNothing() throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 200_000; i++) {
      text.append(i * 1_000_003L).append(' ').append(i).append('\n');
    }
    LoadPlan plan = new LoadPlan().edges("E", "V", file("e.txt", text.toString()));
    assertThrows(MemoryBudgetException.class, () -> load(plan.memory(1 << 20)));
    assertEmpty();
    assertEquals(200_000, load(plan.memory(64 << 20)).relationships());
  }

  /// What a progress throws ends the load at any point: nothing of it is left, and the next one
  /// works.
  @Test
  void aCancelledLoadLeavesNothing() throws IOException {
    StringBuilder text = new StringBuilder();
    Random random = new Random(5);
    for (int i = 0; i < 300_000; i++) {
      text.append(random.nextInt(5000)).append(' ').append(random.nextInt(5000)).append('\n');
    }
    LoadPlan plan = new LoadPlan().edges("E", "V", file("e.txt", text.toString())).memory(3 << 20);
    for (String stage : List.of("edges e.txt", "lists", "commit")) {
      IllegalStateException cancel = new IllegalStateException("cancelled");
      Progress progress =
          step -> {
            if (step.stage().equals(stage)) {
              throw cancel;
            }
          };
      assertSame(
          cancel,
          assertThrows(IllegalStateException.class, () -> new Loader(store).load(plan, progress)));
      assertEquals(
          0,
          store.store().budget().children().stream()
              .filter(account -> account.name().equals("load"))
              .count());
      assertEmpty();
      Path spilled = folder.resolve("x.quarry-tmp");
      if (Files.exists(spilled)) {
        try (Stream<Path> files = Files.list(spilled)) {
          assertEquals(List.of(), files.toList());
        }
      }
    }
    assertEquals(300_000, load(plan).relationships());
  }

  /// A constraint and an index see the nodes of an edge list like any others.
  @Test
  void nodesOfEdgesEnterIndexesAndConstraints() throws IOException {
    try (var tx = store.beginWrite()) {
      SchemaTarget target = SchemaTarget.nodes("V", "id");
      tx.createConstraint("once", target, ConstraintKind.UNIQUE, List.of(), false);
      tx.commit();
    }
    Path edges = file("e.txt", "1 2\n2 3\n-7 1\n");
    assertEquals(4, load(new LoadPlan().edges("E", "V", edges)).nodes());
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertTrue(snapshot.findNode("V", "id", -7L).isPresent());
    }
    assertThrows(
        dev.quarry.error.GraphException.class,
        () -> load(new LoadPlan().edges("E", "V", edges).append()));
    // ids that are strings already take integers, too
    load(new LoadPlan().nodes("W", file("w.csv", "id:ID{string}\n1\n")).append());
    load(new LoadPlan().edges("E", "W", edges).append());
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertTrue(snapshot.findNode("W", "id", "1").isPresent());
      assertTrue(snapshot.findNode("W", "id", 3L).isPresent());
    }
  }

  /// Random edges, with loops and parallels, through sorted runs in files and hubs, then deletes.
  @Test
  void aLoadWithinLittleMemoryEqualsItsFile() throws IOException {
    long seed = Long.getLong("seed", System.nanoTime());
    Random random = new Random(seed);
    Map<Long, List<Long>> expected = new TreeMap<>();
    StringBuilder text = new StringBuilder();
    int count = 400_000;
    for (int i = 0; i < count; i++) {
      long from = random.nextInt(10) == 0 ? 1 : random.nextInt(3000);
      long to = random.nextInt(10) == 0 ? 2 : random.nextInt(3000);
      text.append(from).append(i % 2 == 0 ? " " : ",").append(to).append('\n');
      expected.computeIfAbsent(from, key -> new ArrayList<>()).add(to);
    }
    load(new LoadPlan().edges("E", "V", file("big.txt", text.toString())).memory(3 << 20));
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor nodes = snapshot.nodes("V")) {
      var id = snapshot.key("id");
      while (nodes.next()) {
        List<Long> found = new ArrayList<>();
        try (RelationshipCursor out = snapshot.relationships(nodes.node(), Direction.OUTGOING)) {
          while (out.next()) {
            found.add((Long) snapshot.property(out.neighbourNode(), "id"));
          }
        }
        Collections.sort(found);
        List<Long> wanted = new ArrayList<>(expected.getOrDefault(nodes.getLong(id), List.of()));
        Collections.sort(wanted);
        assertEquals(wanted, found, "seed " + seed + ", node " + nodes.getLong(id));
      }
    }
    changeWhatWasLoaded(count);
  }

  private void changeWhatWasLoaded(int count) {
    try (var tx = store.beginWrite()) {
      Node one = tx.findNode("V", "id", 1L).orElseThrow();
      Node two = tx.findNode("V", "id", 2L).orElseThrow();
      Relationship bare = tx.createRelationship(one, "E", two, Map.of());
      Relationship row = tx.createRelationship(one, "E", two, Map.of("w", 1));
      long before = tx.degree(one, Direction.OUTGOING, "E");
      tx.delete(bare);
      tx.delete(row);
      assertEquals(before - 2, tx.degree(one, Direction.OUTGOING, "E"));
      try (RelationshipCursor out = tx.relationships(two, Direction.OUTGOING)) {
        assertTrue(out.next());
        tx.delete(out.relationship());
      }
      tx.commit();
    }
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(count - 1, snapshot.countRelationships("E"));
    }
  }
}
