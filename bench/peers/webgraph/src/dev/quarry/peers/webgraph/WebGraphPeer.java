package dev.quarry.peers.webgraph;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.EdgeArrays;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import it.unimi.dsi.webgraph.ArrayListMutableGraph;
import it.unimi.dsi.webgraph.BVGraph;
import it.unimi.dsi.webgraph.LazyIntIterator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;

/// WebGraph: the compressed graph in its memory, outgoing lists only, no properties, nothing to
/// change. It takes part for its size and its scans.
final class WebGraphPeer implements Peer {
  private static final String NAME = "peers";

  private WebGraphPeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new WebGraphPeer(), arguments);
  }

  /// From the name of its jar, which says it nowhere else.
  @Override
  public String version() {
    String jar = BVGraph.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    return "WebGraph " + jar.replaceAll(".*webgraph-(.*)[.]jar", "$1");
  }

  @Override
  public String configuration() {
    return "-Xmx2g; BVGraph with default windows, outgoing lists only, in memory; one thread; no properties, no writes; loads through ArrayListMutableGraph";
  }

  @Override
  public boolean loadsDurably() {
    return false;
  }

  @Override
  public boolean isDatabase() {
    return false;
  }

  @Override
  public void load(DataSet data, Path store) throws Exception {
    ArrayListMutableGraph graph = new ArrayListMutableGraph(data.nodeCount());
    DataSet.read(data.edges(), fields -> graph.addArc(fields[0], fields[1]));
    BVGraph.store(graph.immutableView(), store.resolve(NAME).toString());
  }

  @Override
  public PeerStore open(DataSet data, Path store) throws IOException {
    return new WebGraphStore(BVGraph.load(store.resolve(NAME).toString()));
  }

  private record WebGraphStore(BVGraph graph) implements PeerStore {
    @Override
    public long nodes() {
      return graph.numNodes();
    }

    @Override
    public long relationships() {
      return graph.numArcs();
    }

    @Override
    public long walk(int start, int steps) {
      BitSet front = new BitSet();
      front.set(start);
      for (int step = 0; step < steps; step++) {
        front = after(front);
      }
      return front.cardinality();
    }

    @Override
    public Reach breadthFirst(int start) {
      BitSet seen = new BitSet();
      BitSet front = new BitSet();
      front.set(start);
      long distances = 0;
      for (int distance = 0; !front.isEmpty(); distance++) {
        seen.or(front);
        distances += (long) distance * front.cardinality();
        front = after(front);
        front.andNot(seen);
      }
      return new Reach(seen.cardinality() - 1, distances);
    }

    @Override
    public Ranks pageRank(int iterations) {
      return edges().pageRank(iterations);
    }

    @Override
    public Sum components(int node) {
      return edges().components(node);
    }

    /// All arcs: its ranks and its components of graphs without symmetry are other libraries.
    private EdgeArrays edges() {
      EdgeArrays edges = new EdgeArrays(graph.numNodes());
      var nodes = graph.nodeIterator();
      while (nodes.hasNext()) {
        int node = nodes.nextInt();
        LazyIntIterator targets = nodes.successors();
        for (int target = targets.nextInt(); target != -1; target = targets.nextInt()) {
          edges.add(node, target);
        }
      }
      return edges;
    }

    @Override
    public Sum scan() {
      long count = 0;
      long sum = 0;
      var nodes = graph.nodeIterator();
      while (nodes.hasNext()) {
        nodes.nextInt();
        LazyIntIterator targets = nodes.successors();
        for (int target = targets.nextInt(); target != -1; target = targets.nextInt()) {
          count++;
          sum += target;
        }
      }
      return new Sum(count, sum);
    }

    private BitSet after(BitSet front) {
      BitSet next = new BitSet(graph.numNodes());
      for (int node = front.nextSetBit(0); node >= 0; node = front.nextSetBit(node + 1)) {
        LazyIntIterator targets = graph.successors(node);
        for (int target = targets.nextInt(); target != -1; target = targets.nextInt()) {
          next.set(target);
        }
      }
      return next;
    }

    @Override
    public void close() {}
  }
}
