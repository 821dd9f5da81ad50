package dev.quarry.bench.peers;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import java.nio.file.Path;

/// Quarry as an application uses it: its public API, and defaults.
final class QuarryPeer implements Peer {
  QuarryPeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new QuarryPeer(), arguments);
  }

  @Override
  public String version() {
    String version = Quarry.class.getPackage().getImplementationVersion();
    return "Quarry " + (version == null ? "from source" : version);
  }

  @Override
  public String configuration() {
    return "-Xmx256m, serial collector and native access as the README advises, otherwise defaults, budget %d MiB; all processors for large statements and algorithms; unique constraint on id after the load; a barrier per commit; loads with LoadPlan"
        .formatted(OpenOptions.defaults().memoryBytes() >> 20);
  }

  @Override
  public void load(DataSet data, Path store) {
    FileFormat lines = FileFormat.CSV;
    LoadPlan plan =
        new LoadPlan()
            .nodes("V", data.nodes(), lines.withHeader("id:ID(V){integer},grp:int,score:int"))
            .relationships("E", data.edges(), lines.withHeader(":START_ID(V),:END_ID(V)"));
    try (Quarry quarry = Quarry.open(file(store))) {
      quarry.load(plan);
      quarry.run("CREATE CONSTRAINT v_id FOR (n:V) REQUIRE n.id IS UNIQUE");
    }
  }

  @Override
  public PeerStore open(DataSet data, Path store) {
    return new QuarryStore(data, file(store));
  }

  /// Where the store is.
  static Path file(Path folder) {
    return folder.resolve("peers.quarry");
  }
}
