package dev.quarry.graph.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The examples of LDBC Graphalytics give its reference outputs, by its rules: exactly for BFS and
/// CDLP, up to renaming for WCC, and within 0.0001 of each value for the others. Not an audited
/// result.
///
/// In a directed graph a relationship stands for an edge; in an undirected one too, and is gone
/// along both ways. Where a file lists neighbours, an undirected edge is listed at both its ends.
class GraphalyticsTest {
  private static final double TOLERANCE = 0.0001;

  private final GraphStore store = GraphStore.inMemory(StoreOptions.defaults());
  private final Map<Long, Node> nodes = new TreeMap<>();
  private final Map<Node, Long> numbers = new HashMap<>();
  private Path data = Path.of("");

  @BeforeEach
  void findData() {
    Path path = Path.of("").toAbsolutePath();
    while (path != null && !Files.isDirectory(path.resolve("shared/data/graphalytics"))) {
      path = path.getParent();
    }
    assumeTrue(path != null, "there is no shared/data/graphalytics above the working folder");
    data = java.util.Objects.requireNonNull(path).resolve("shared/data/graphalytics");
  }

  @AfterEach
  void theStoreIsSoundAndGivesAllBack() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-directed", "example-undirected", "dir", "undir"})
  void breadthFirstSearchValidates(String name) throws IOException {
    Properties properties = load("bfs", name);
    long source = Long.parseLong(property(properties, "bfs.source-vertex"));
    Map<Long, Double> expected = output("bfs", name);
    expected.replaceAll((node, depth) -> depth > Integer.MAX_VALUE ? -1 : depth);
    assertEquals(expected, longs(properties, algorithms -> algorithms.bfs(node(source))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-directed", "example-undirected", "dir", "undir"})
  void componentsValidate(String name) throws IOException {
    Properties properties = load("wcc", name);
    assertSameUpToNames(output("wcc", name), longs(properties, GraphAlgorithms::wcc));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-directed", "example-undirected", "dir", "undir"})
  void pageRankValidates(String name) throws IOException {
    Properties properties = load("pr", name);
    double damping = Double.parseDouble(property(properties, "pr.damping-factor"));
    int iterations = Integer.parseInt(property(properties, "pr.num-iterations"));
    assertClose(
        output("pr", name),
        doubles(properties, algorithms -> algorithms.pageRank(damping, iterations, 0)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-directed", "example-undirected", "dir", "undir"})
  void shortestPathsValidate(String name) throws IOException {
    Properties properties = load("sssp", name);
    long source = Long.parseLong(property(properties, "sssp.source-vertex"));
    String weight = property(properties, "sssp.weight-property");
    assertClose(
        output("sssp", name),
        doubles(properties, algorithms -> algorithms.sssp(node(source), weight, 1)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-directed", "example-undirected", "dir", "undir"})
  void labelPropagationValidates(String name) throws IOException {
    Properties properties = load("cdlp", name);
    int iterations = Integer.parseInt(property(properties, "cdlp.max-iterations"));
    Map<Long, Double> labels = longs(properties, algorithms -> algorithms.cdlp(iterations));
    labels.replaceAll((node, label) -> (double) numberOfId(label.longValue()));
    assertEquals(output("cdlp", name), labels);
  }

  /// The number of the node with a legacy id.
  private long numberOfId(long id) {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return number(snapshot.handle(id));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"example-directed", "example-undirected", "dir", "undir"})
  void clusteringValidates(String name) throws IOException {
    Properties properties = load("lcc", name);
    assertClose(output("lcc", name), doubles(properties, GraphAlgorithms::lcc));
  }

  private static void assertSameUpToNames(Map<Long, Double> expected, Map<Long, Double> found) {
    assertEquals(expected.keySet(), found.keySet());
    Map<Double, Double> names = new HashMap<>();
    Map<Double, Double> back = new HashMap<>();
    expected.forEach(
        (node, name) -> {
          double given = java.util.Objects.requireNonNull(found.get(node));
          assertEquals(names.computeIfAbsent(name, n -> given), given, "node " + node);
          assertEquals(back.computeIfAbsent(given, n -> name), name, "node " + node);
        });
  }

  private static void assertClose(Map<Long, Double> expected, Map<Long, Double> found) {
    assertEquals(expected.keySet(), found.keySet());
    expected.forEach(
        (node, value) -> {
          double given = java.util.Objects.requireNonNull(found.get(node));
          boolean close = given == value || Math.abs(given - value) <= TOLERANCE * value;
          assertTrue(close, "node " + node + ": " + given + " instead of " + value);
        });
  }

  private Map<Long, Double> longs(
      Properties properties, Function<GraphAlgorithms, LongResult> algorithm) {
    Map<Long, Double> values = new TreeMap<>();
    try (GraphSnapshot snapshot = store.beginRead();
        LongResult result = algorithm.apply(algorithms(snapshot, properties))) {
      while (result.next()) {
        values.put(number(result.node()), (double) result.value());
      }
    }
    return values;
  }

  private Map<Long, Double> doubles(
      Properties properties, Function<GraphAlgorithms, DoubleResult> algorithm) {
    Map<Long, Double> values = new TreeMap<>();
    try (GraphSnapshot snapshot = store.beginRead();
        DoubleResult result = algorithm.apply(algorithms(snapshot, properties))) {
      while (result.next()) {
        values.put(number(result.node()), result.value());
      }
    }
    return values;
  }

  private static GraphAlgorithms algorithms(GraphSnapshot snapshot, Properties properties) {
    Direction direction = isDirected(properties) ? Direction.OUTGOING : Direction.BOTH;
    return GraphAlgorithms.over(
        snapshot, AlgorithmOptions.defaults().withDirection(direction).withTypes("E"));
  }

  private static boolean isDirected(Properties properties) {
    return Boolean.parseBoolean(property(properties, "directed"));
  }

  private Node node(long number) {
    return java.util.Objects.requireNonNull(nodes.get(number));
  }

  private long number(Node node) {
    return java.util.Objects.requireNonNull(numbers.get(node));
  }

  private static String property(Properties properties, String ending) {
    return properties.stringPropertyNames().stream()
        .filter(name -> name.endsWith("." + ending))
        .map(properties::getProperty)
        .findFirst()
        .orElseThrow();
  }

  /// The expected value of each node.
  private Map<Long, Double> output(String algorithm, String name) throws IOException {
    Path file =
        name.startsWith("example")
            ? data.resolve("example")
                .resolve(name + "-" + algorithm.toUpperCase(java.util.Locale.ROOT))
            : data.resolve(algorithm).resolve(name + "-output");
    Map<Long, Double> values = new TreeMap<>();
    for (String line : Files.readAllLines(file)) {
      String[] words = line.trim().split("\\s+");
      values.put(Long.parseLong(words[0]), number(words[1]));
    }
    return values;
  }

  private static double number(String word) {
    return word.equalsIgnoreCase("infinity") ? Double.POSITIVE_INFINITY : Double.parseDouble(word);
  }

  /// Makes the graph of an example, nodes in the order of their numbers.
  private Properties load(String algorithm, String name) throws IOException {
    boolean example = name.startsWith("example");
    String whole = name.equals("dir") ? "directed" : "undirected";
    Properties properties = new Properties();
    String described = example ? name : "test-" + algorithm + "-" + whole;
    try (var in = Files.newInputStream(data.resolve("properties/" + described + ".properties"))) {
      properties.load(in);
    }
    Path folder = data.resolve(example ? "example" : algorithm);
    String file = example ? name : name + "-input";
    if (Files.exists(folder.resolve(file + ".e"))) {
      make(vertices(folder.resolve(file + ".v")), edges(folder.resolve(file + ".e")));
    } else {
      makeOfLists(folder.resolve(file), isDirected(properties));
    }
    return properties;
  }

  private record Edge(long from, long to, @Nullable Double weight) {}

  private static List<Long> vertices(Path file) throws IOException {
    return Files.readAllLines(file).stream()
        .filter(line -> !line.isBlank())
        .map(line -> Long.parseLong(line.trim()))
        .toList();
  }

  private static List<Edge> edges(Path file) throws IOException {
    List<Edge> edges = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        String[] words = line.trim().split("\\s+");
        Double weight = words.length > 2 ? Double.valueOf(words[2]) : null;
        edges.add(new Edge(Long.parseLong(words[0]), Long.parseLong(words[1]), weight));
      }
    }
    return edges;
  }

  private void makeOfLists(Path file, boolean directed) throws IOException {
    Set<Long> vertices = new TreeSet<>();
    List<Edge> edges = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        String[] words = line.trim().split("\\s+");
        long from = Long.parseLong(words[0]);
        vertices.add(from);
        for (int i = 1; i < words.length; i++) {
          long to = Long.parseLong(words[i]);
          vertices.add(to);
          if (directed || from < to) {
            edges.add(new Edge(from, to, null));
          }
        }
      }
    }
    make(vertices, edges);
  }

  private void make(Collection<Long> vertices, List<Edge> edges) {
    try (GraphTransaction tx = store.beginWrite()) {
      for (long vertex : vertices.stream().sorted().toList()) {
        Node node = tx.createNode(Set.of("V"), Map.of());
        nodes.put(vertex, node);
        numbers.put(node, vertex);
      }
      for (Edge edge : edges) {
        Double weight = edge.weight();
        tx.createRelationship(
            node(edge.from()),
            "E",
            node(edge.to()),
            weight == null ? Map.of() : Map.of("weight", weight));
      }
      tx.commit();
    }
  }
}
