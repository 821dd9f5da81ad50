package dev.quarry.peers.tinkergraph;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import java.nio.file.Path;
import org.apache.commons.configuration2.BaseConfiguration;
import org.apache.tinkerpop.gremlin.structure.T;
import org.apache.tinkerpop.gremlin.structure.Vertex;
import org.apache.tinkerpop.gremlin.tinkergraph.structure.TinkerGraph;
import org.apache.tinkerpop.gremlin.util.Gremlin;

/// TinkerGraph: objects on the heap, written to a file of Gryo when it is closed.
final class TinkerPeer implements Peer {
  private TinkerPeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new TinkerPeer(), arguments);
  }

  @Override
  public String version() {
    return "TinkerGraph " + Gremlin.version();
  }

  @Override
  public String configuration() {
    return "-Xmx4g; all on the heap; one thread; id is the vertex id; no transactions, nothing is durable; loads by addVertex and addEdge, written as Gryo when closed";
  }

  @Override
  public boolean loadsDurably() {
    return false;
  }

  @Override
  public void load(DataSet data, Path store) throws Exception {
    try (TinkerGraph graph = graph(store)) {
      Vertex[] vertices = new Vertex[data.nodeCount()];
      DataSet.read(
          data.nodes(),
          fields ->
              vertices[fields[0]] =
                  graph.addVertex(
                      T.label, "V", T.id, fields[0], "id", fields[0], "grp", fields[1], "score",
                      fields[2]));
      DataSet.read(data.edges(), fields -> vertices[fields[0]].addEdge("E", vertices[fields[1]]));
    }
  }

  @Override
  public PeerStore open(DataSet data, Path store) {
    return new TinkerStore(graph(store));
  }

  private static TinkerGraph graph(Path store) {
    BaseConfiguration options = new BaseConfiguration();
    options.setProperty(TinkerGraph.GREMLIN_TINKERGRAPH_VERTEX_ID_MANAGER, "INTEGER");
    options.setProperty(TinkerGraph.GREMLIN_TINKERGRAPH_GRAPH_FORMAT, "gryo");
    options.setProperty(
        TinkerGraph.GREMLIN_TINKERGRAPH_GRAPH_LOCATION, store.resolve("peers.kryo").toString());
    return TinkerGraph.open(options);
  }
}
