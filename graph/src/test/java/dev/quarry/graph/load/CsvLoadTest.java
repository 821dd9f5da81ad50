package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Files of many chunks become the graph, and the rejects, that rows taken one after the other say.
class CsvLoadTest {
  private static final int ROWS = 60_000;

  /// Integers from here on are written in more bytes than a cell holds.
  private static final long FAR = 100_000_000_000_000L;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private GraphStore store;

  CsvLoadTest() {
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

  private LoadReport load(LoadPlan plan) {
    return new Loader(store).load(plan, Progress.NONE);
  }

  /// A CSV file as it is written, with what its rows are expected to become.
  private final class Text {
    private final String name;
    private final StringBuilder text = new StringBuilder();
    private final List<String> rejects = new ArrayList<>();
    private int line = 1;

    Text(String name, String header) {
      this.name = name;
      text.append('\uFEFF').append(header);
      end();
    }

    /// Adds a field of a row; quoted if it must be, and sometimes if not.
    void field(String value, boolean isLast) {
      boolean quoted = value.matches("(?s).*[\",\r\n].*") || random.nextInt(10) == 0;
      text.append(quoted ? '"' + value.replace("\"", "\"\"") + '"' : value);
      if (!isLast) {
        text.append(',');
      }
    }

    void end() {
      String[] ends = {"\n", "\r\n", "\r", "\n\n", "\r\n\r\n"};
      int kind = random.nextInt(20);
      text.append(ends[kind < ends.length ? kind : 0]);
    }

    void row(List<String> fields) {
      for (int i = 0; i < fields.size(); i++) {
        field(fields.get(i), i == fields.size() - 1);
      }
      end();
    }

    /// The line at which the next row begins.
    int line() {
      // CR, LF and CRLF are one line end each, in quotes or not.
      for (int i = counted; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean second = c == '\n' && i > 0 && text.charAt(i - 1) == '\r';
        line += (c == '\n' || c == '\r') && !second ? 1 : 0;
      }
      counted = text.length();
      return line;
    }

    private int counted;

    void reject(int atLine, int column, String reason) {
      rejects.add(name + "," + atLine + "," + column + "," + reason);
    }

    Path write() throws IOException {
      return Files.writeString(folder.resolve(name), text);
    }
  }

  private String text() {
    String[] texts = {"Zoë", "a,b", "two\nlines", "CR\r\nLF", "\"", "x".repeat(40), "", " ", "7"};
    return texts[random.nextInt(texts.length)];
  }

  /// Puts what a field means into the properties, unless it is empty.
  private static void put(Map<String, Object> properties, String key, String field, Object value) {
    if (!field.isEmpty()) {
      properties.put(key, value);
    }
  }

  @Test
  void randomFilesEqualWhatTheirRowsSay() throws IOException {
    Map<Long, Map<String, Object>> nodes = new TreeMap<>();
    Map<Long, Set<String>> labels = new HashMap<>();
    Text people =
        new Text(
            "p.csv",
            "name,key:ID(P){integer},:LABEL,n:int,x:double,tall:boolean,born:date,l:int[]");
    for (int row = 0; row < ROWS; row++) {
      person(people, nodes, labels);
    }
    Text knows = new Text("k.csv", ":START_ID(P),since:int,:TYPE,:END_ID(P),note,w:double");
    Map<String, Integer> expected = new TreeMap<>();
    Long[] ids = nodes.keySet().toArray(Long[]::new);
    for (int row = 0; row < ROWS; row++) {
      relationship(knows, ids, nodes, expected);
    }
    Path rejects = folder.resolve("rejects.csv");
    LoadPlan plan =
        new LoadPlan()
            .nodes("Person", people.write())
            .relationships("", knows.write())
            .tolerate(2 * ROWS)
            .rejects(rejects);
    assertTrue(Files.size(folder.resolve("p.csv")) > 5 * CsvChunks.CHUNK_BYTES);
    LoadReport report = load(plan);
    assertEquals(nodes.size(), report.nodes(), "seed " + seed);
    List<String> wanted = new ArrayList<>(List.of("file,line,column,reason"));
    wanted.addAll(people.rejects);
    wanted.addAll(knows.rejects);
    String found = Files.readString(rejects).replace(folder + "/", "").replace("\r", "");
    assertEquals(String.join("\n", wanted) + "\n", found, "seed " + seed);
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertNodes(snapshot, nodes, labels);
      assertEquals(expected, relationships(snapshot), "seed " + seed);
    }
  }

  private void person(
      Text people, Map<Long, Map<String, Object>> nodes, Map<Long, Set<String>> labels) {
    int line = people.line();
    Map<String, Object> properties = new HashMap<>();
    long id = random.nextInt(50) == 0 ? random.nextInt(100) : random.nextLong(1L << 40);
    String name = text();
    put(properties, "name", name, name);
    properties.put("key", id);
    String label = List.of("", "Rich", "Rich; Tall", "Tall;Rich", "Person").get(random.nextInt(5));
    String n = random.nextBoolean() ? "" + random.nextLong() : random.nextBoolean() ? "" : " +07 ";
    put(properties, "n", n, n.isBlank() ? 0L : Long.parseLong(n.strip()));
    String x =
        switch (random.nextInt(4)) {
          case 0 -> "" + random.nextDouble();
          case 1 -> (random.nextInt(2000) - 1000) / 100.0 + "";
          case 2 -> "1e" + random.nextInt(400);
          default -> "";
        };
    put(properties, "x", x, x.isEmpty() ? 0 : Double.parseDouble(x));
    String tall = random.nextBoolean() ? "TRUE" : "false";
    properties.put("tall", tall.equals("TRUE"));
    LocalDate born = LocalDate.ofEpochDay(random.nextInt(20_000));
    properties.put("born", born);
    String list = random.nextBoolean() ? "1;2;3" : "";
    put(properties, "l", list, List.of(1L, 2L, 3L));
    List<String> fields =
        new ArrayList<>(List.of(name, "" + id, label, n, x, tall, born.toString(), list));
    boolean repeats = nodes.containsKey(id);
    switch (random.nextInt(100)) {
      case 0 -> {
        fields.removeLast();
        people.reject(line, 0, "\"expected 8 fields, found 7\"");
      }
      case 1 -> {
        fields.set(3, "1x");
        fields.set(4, "y");
        people.reject(line, 4, "n: `1x` is no int");
      }
      case 2 -> {
        fields.set(1, "007");
        fields.set(4, "y");
        people.reject(line, 2, "the id `007` is no integer");
      }
      case 3 -> {
        fields.set(1, "");
        people.reject(line, 2, "the id is empty");
      }
      case 4 -> {
        fields.set(7, "1;b");
        people.reject(line, 8, "l: `b` is no int");
      }
      default -> {
        if (repeats) {
          people.reject(line, 2, "duplicate id `" + id + "`");
        } else {
          nodes.put(id, properties);
          Set<String> all = new TreeSet<>(Set.of("Person"));
          Arrays.stream(label.split(";")).map(String::strip).forEach(all::add);
          all.remove("");
          labels.put(id, all);
        }
      }
    }
    people.row(fields);
  }

  private void relationship(
      Text knows, Long[] ids, Map<Long, Map<String, Object>> nodes, Map<String, Integer> expected) {
    int line = knows.line();
    long from = ids[random.nextInt(ids.length)];
    long to = random.nextInt(20) == 0 ? ids[0] : ids[random.nextInt(ids.length)];
    String since = random.nextBoolean() ? "" : "" + random.nextInt(3000);
    String note = random.nextBoolean() ? "" : text();
    String weight = random.nextBoolean() ? "" : random.nextInt(100) + ".25";
    String type = random.nextInt(3) == 0 ? "LIKES" : "KNOWS";
    List<String> fields = new ArrayList<>(List.of("" + from, since, type, "" + to, note, weight));
    switch (random.nextInt(100)) {
      case 0 -> {
        fields.add("more");
        knows.reject(line, 0, "\"expected 6 fields, found 7\"");
      }
      case 1 -> {
        fields.set(0, "nobody");
        fields.set(3, "nobody");
        knows.reject(line, 1, "no node has the id `nobody`");
      }
      case 2 -> {
        fields.set(3, "-1");
        fields.set(2, "");
        knows.reject(line, 4, "no node has the id `-1`");
      }
      case 3 -> {
        fields.set(2, "");
        fields.set(5, "z");
        knows.reject(line, 3, "the type is empty");
      }
      case 4 -> {
        fields.set(5, "z");
        knows.reject(line, 6, "w: `z` is no double");
      }
      default -> {
        Map<String, Object> properties = new TreeMap<>();
        put(properties, "since", since, since.isEmpty() ? 0 : Long.parseLong(since));
        put(properties, "note", note, note);
        put(properties, "w", weight, weight.isEmpty() ? 0 : Double.parseDouble(weight));
        expected.merge(from + " " + type + " " + to + " " + properties, 1, Integer::sum);
        assertTrue(nodes.containsKey(from));
      }
    }
    knows.row(fields);
  }

  private void assertNodes(
      GraphSnapshot snapshot, Map<Long, Map<String, Object>> nodes, Map<Long, Set<String>> labels) {
    int found = 0;
    try (NodeCursor cursor = snapshot.nodes("Person")) {
      var key = snapshot.key("key");
      while (cursor.next()) {
        long id = cursor.getLong(key);
        assertEquals(nodes.get(id), snapshot.copy(cursor.node()).properties(), "seed " + seed);
        assertEquals(labels.get(id), snapshot.labels(cursor.node()), "seed " + seed);
        found++;
      }
    }
    assertEquals(nodes.size(), found, "seed " + seed);
  }

  private static Map<String, Integer> relationships(GraphSnapshot snapshot) {
    Map<String, Integer> all = new TreeMap<>();
    try (NodeCursor cursor = snapshot.nodes("Person")) {
      var key = snapshot.key("key");
      while (cursor.next()) {
        try (RelationshipCursor out = snapshot.relationships(cursor.node(), Direction.OUTGOING)) {
          while (out.next()) {
            Map<String, Object> properties = new TreeMap<>();
            for (String name : List.of("since", "note", "w")) {
              Object value = out.get(snapshot.key(name));
              if (value != null) {
                properties.put(name, value);
              }
            }
            Object to = snapshot.property(out.neighbourNode(), "key");
            all.merge(
                cursor.getLong(key) + " " + out.type() + " " + to + " " + properties,
                1,
                Integer::sum);
          }
        }
      }
    }
    return all;
  }

  /// Ids that ascend are noted many at a time; the same ones once more are duplicates all the same,
  /// whether a chunk begins with one or they come in its middle.
  @Test
  void idsThatAscendAreRejectedWhenTheyComeAgain() throws IOException {
    StringBuilder text = new StringBuilder("id:ID,n:int\n");
    int[] from = {1_000, 40_000, 90_000}; // each time up to 100,000
    int n = 0;
    for (int begin : from) {
      for (int id = begin; id < 100_000; id++) {
        text.append(id).append(',').append(n++).append('\n');
      }
    }
    text.append("100000,").append(n).append('\n');
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    Path pairs = Files.writeString(folder.resolve("r.csv"), ":START_ID,:END_ID\n1000,100000\n");
    LoadReport report =
        load(new LoadPlan().nodes("A", file).relationships("T", pairs).tolerate(1_000_000));
    assertEquals(99_001, report.nodes());
    assertEquals(70_000, report.rejected());
    assertEquals(99_002, report.rejects().getFirst().line());
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor nodes = snapshot.nodes("A")) {
      long id = 1_000;
      while (nodes.next()) {
        assertEquals(id, nodes.getLong(snapshot.key("id")));
        long expected = id == 100_000 ? 169_000 : id - 1_000;
        assertEquals(expected, nodes.getLong(snapshot.key("n")));
        id++;
      }
      assertEquals(100_001, id);
      assertEquals(100_000L, idOfTheOneNeighbour(snapshot));
    }
  }

  private static Object idOfTheOneNeighbour(GraphSnapshot snapshot) {
    var first = snapshot.findNode("A", "id", 1_000).orElseThrow();
    try (RelationshipCursor one = snapshot.relationships(first, Direction.OUTGOING)) {
      assertTrue(one.next());
      return snapshot.property(one.neighbourNode(), "id");
    }
  }

  /// The first id that is no integer comes after many chunks: all before it become strings.
  @Test
  void idsBecomeStringsInTheMiddleOfAFile() throws IOException {
    StringBuilder text = new StringBuilder("id:ID,n:int\n");
    for (int i = 0; i < 100_000; i++) {
      text.append(i == 80_000 ? "x" : "").append(FAR + 3 * i).append(',').append(i).append('\n');
    }
    load(new LoadPlan().nodes("A", Files.writeString(folder.resolve("a.csv"), text)));
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor nodes = snapshot.nodes("A")) {
      int count = 0;
      while (nodes.next()) {
        long n = nodes.getLong(snapshot.key("n"));
        assertEquals((n == 80_000 ? "x" : "") + (FAR + 3 * n), nodes.get(snapshot.key("id")));
        count++;
      }
      assertEquals(100_000, count);
    }
  }

  @Test
  void anEmptyFileHasNoHeaderButMayHaveNoRows() throws IOException {
    Path empty = Files.writeString(folder.resolve("a.csv"), "\n\r\n");
    LoadException error =
        assertThrows(LoadException.class, () -> load(new LoadPlan().nodes("A", empty)));
    assertEquals(ErrorCode.LOAD_HEADER, error.code());
    assertEquals(
        0, load(new LoadPlan().nodes("A", empty, FileFormat.CSV.withHeader("id:ID"))).nodes());
    Path header = Files.writeString(folder.resolve("b.csv"), "id:ID");
    assertEquals(0, load(new LoadPlan().nodes("A", header)).nodes());
  }

  @Test
  void twoColumnsOfOnePropertyAreRefused() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "1,2,3\n");
    for (String header : List.of("id:ID,a,a", "a:ID,b,a:int", "id:ID,a:int, a :string[]")) {
      FileFormat format = FileFormat.CSV.withHeader(header);
      LoadException error =
          assertThrows(LoadException.class, () -> load(new LoadPlan().nodes("A", file, format)));
      assertEquals(ErrorCode.LOAD_HEADER, error.code());
      assertEquals(
          "%s: column 3 of the header: property `a` is that of column %d already"
              .formatted(file, header.startsWith("a") ? 1 : 2),
          error.getMessage());
    }
    LoadPlan relationships =
        new LoadPlan()
            .nodes("A", file, FileFormat.CSV.withHeader("id:ID,:IGNORE,:IGNORE"))
            .relationships("R", file, FileFormat.CSV.withHeader(":START_ID,:END_ID,w,w"));
    assertEquals(
        ErrorCode.LOAD_HEADER, assertThrows(LoadException.class, () -> load(relationships)).code());
  }

  @Test
  void columnsThatAreNotStoredMayHaveOneName() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "1,2,3,B,C,4\n");
    FileFormat format = FileFormat.CSV.withHeader("id:ID,a:IGNORE,a,x:LABEL,x:LABEL,a:IGNORE");
    assertEquals(1, load(new LoadPlan().nodes("A", file, format)).nodes());
  }

  @Test
  void aDelimiterIsOneCharacterOfAscii() throws IOException {
    Path file = Files.writeString(folder.resolve("a.csv"), "id:ID§n\n1§2\n");
    for (char delimiter : new char[] {'§', '"', '\n'}) {
      FileFormat format = FileFormat.CSV.withDelimiter(delimiter);
      LoadException error =
          assertThrows(LoadException.class, () -> load(new LoadPlan().nodes("A", file, format)));
      assertEquals(ErrorCode.LOAD_USAGE, error.code());
    }
  }

  /// What is no CSV ends a load at its line, however many rows were read before.
  @Test
  void aQuoteThatIsNeverClosedIsFoundFarBehind() throws IOException {
    StringBuilder text = new StringBuilder("id:ID,name\n");
    for (int i = 2; i < 100_000; i++) {
      text.append(i).append(i == 70_000 ? ",\"x\n" : ",x\n");
    }
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    LoadException error =
        assertThrows(LoadException.class, () -> load(new LoadPlan().nodes("A", file)));
    assertEquals(ErrorCode.LOAD_INPUT, error.code());
    assertTrue(
        error.getMessage().contains("from line 70000 on: a quote that opens in this row"),
        error.getMessage());
  }

  /// A row that is one too many to reject ends the load while others parse for it.
  @Test
  void aLoadThatEndsInTheMiddleLeavesNothing() throws IOException {
    StringBuilder text = new StringBuilder("id:ID,name\n");
    for (int i = 0; i < 300_000; i++) {
      text.append(i == 100_000 ? "" : i).append(",somebody\n");
    }
    Path file = Files.writeString(folder.resolve("a.csv"), text);
    LoadException error =
        assertThrows(LoadException.class, () -> load(new LoadPlan().nodes("A", file)));
    assertEquals(ErrorCode.LOAD_REJECTS, error.code());
    assertTrue(error.getMessage().contains("a.csv:100002, column 1"), error.getMessage());
    try (GraphSnapshot snapshot = store.beginRead();
        NodeCursor nodes = snapshot.nodes()) {
      assertTrue(!nodes.next());
    }
    assertEquals(
        0,
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().equals("quarry-load"))
            .count());
  }
}
