package dev.quarry.bench.peers;

import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import dev.quarry.ReadTransaction;
import dev.quarry.Rows;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.SocialQuestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// What the comparison asks by statements that aggregate many rows, over its own data: to be asked
/// on one thread and on several.
public final class CountingStatements implements AutoCloseable {
  private static final String TWO_STEPS = "MATCH (a:V)-[:E]->(b:V) MATCH (b)-[:E]->(c:V) ";

  private final Map<String, PreparedQuery> ofGraph = new LinkedHashMap<>();
  private final Map<String, PreparedQuery> ofNetwork = new LinkedHashMap<>();
  private final Quarry graph;
  private final Quarry network;

  private CountingStatements(Quarry graph, Quarry network) {
    this.graph = graph;
    this.network = network;
    for (SocialQuestion question : SocialQuestion.values()) {
      if (!question.isRead()) {
        ofNetwork.put(question.name(), PreparedQuery.of(question.cypher()));
      }
    }
    put("triangles", "MATCH (a:V)-[:E]->(b:V)-[:E]->(c:V), (a)-[:E]->(c) RETURN count(*)");
    put("2-paths", TWO_STEPS + "RETURN count(*)");
    put("2-paths, distinct ends", TWO_STEPS + "RETURN count(DISTINCT c)");
    put("2-paths by a property", TWO_STEPS + "RETURN b.grp AS grp, count(*) AS number");
    put("2-paths that are made", TWO_STEPS + "WHERE a.grp < c.grp RETURN count(*)");
    put("groups", "MATCH (n:V) RETURN n.grp AS grp, count(*) AS number, sum(n.score) AS score");
  }

  private void put(String name, String text) {
    ofGraph.put(name, PreparedQuery.of(text));
  }

  /// Makes the data of a scale and loads it.
  public static CountingStatements load(Path folder, int scale) throws Exception {
    DataSet data = Generator.write(scale, 1, folder.resolve("data"));
    Path store = Files.createDirectories(folder.resolve("store"));
    Path social = folder.resolve("social.quarry");
    new QuarryPeer().load(data, store);
    new QuarrySocial(social, data.social()).close();
    return new CountingStatements(Quarry.open(QuarryPeer.file(store)), Quarry.open(social));
  }

  /// What is asked, by name, first of the social network, then of the Kronecker graph.
  public Iterable<String> names() {
    Map<String, PreparedQuery> all = new LinkedHashMap<>(ofNetwork);
    all.putAll(ofGraph);
    return all.keySet();
  }

  /// The rows of an answer, as text.
  ///
  /// @param threads as [QueryOptions] has them
  public String answer(String name, int threads) {
    PreparedQuery query = ofNetwork.get(name);
    Quarry asked = query == null ? graph : network;
    PreparedQuery text =
        query == null ? java.util.Objects.requireNonNull(ofGraph.get(name)) : query;
    try (ReadTransaction tx = asked.beginRead();
        Rows rows = tx.query(text, Map.of(), QueryOptions.DEFAULT.withThreads(threads))) {
      return rows.toList().toString();
    }
  }

  @Override
  public void close() {
    graph.close();
    network.close();
  }
}
