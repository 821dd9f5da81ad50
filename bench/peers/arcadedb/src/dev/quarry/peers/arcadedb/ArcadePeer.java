package dev.quarry.peers.arcadedb;

import com.arcadedb.Constants;
import com.arcadedb.database.Database;
import com.arcadedb.database.DatabaseFactory;
import com.arcadedb.database.RID;
import com.arcadedb.schema.Schema;
import com.arcadedb.schema.Type;
import com.arcadedb.schema.VertexType;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import java.nio.file.Path;

/// ArcadeDB: a vertex type with a unique index on the key, filled through the Java API without a
/// log.
final class ArcadePeer implements Peer {
  private static final int BATCH = 10_000;

  private ArcadePeer() {}

  public static void main(String[] arguments) throws Exception {
    Session.serve(new ArcadePeer(), arguments);
  }

  @Override
  public String version() {
    return "ArcadeDB " + Constants.getVersion().split(" ")[0];
  }

  @Override
  public String configuration() {
    return "-Xmx2g; defaults; one thread; unique index on id; the log forced per commit where it is durable; loads through the Java API, %,d records a transaction, without the log"
        .formatted(BATCH);
  }

  /// Closing does not force its files.
  @Override
  public boolean loadsDurably() {
    return false;
  }

  @Override
  public void load(DataSet data, Path store) throws Exception {
    try (DatabaseFactory factory = new DatabaseFactory(path(store));
        Database database = factory.create()) {
      VertexType type = database.getSchema().createVertexType("V");
      type.createProperty("id", Type.INTEGER);
      type.createProperty("grp", Type.INTEGER);
      type.createProperty("score", Type.INTEGER);
      type.createTypeIndex(Schema.INDEX_TYPE.LSM_TREE, true, "id");
      database.getSchema().createEdgeType("E");
      database.setUseWAL(false);
      RID[] rids = new RID[data.nodeCount()];
      inBatches(
          database,
          data.nodes(),
          fields ->
              rids[fields[0]] =
                  database
                      .newVertex("V")
                      .set("id", fields[0])
                      .set("grp", fields[1])
                      .set("score", fields[2])
                      .save()
                      .getIdentity());
      inBatches(
          database,
          data.edges(),
          fields -> rids[fields[0]].asVertex().newEdge("E", rids[fields[1]], true));
    }
  }

  private static void inBatches(Database database, Path file, DataSet.Fields work)
      throws Exception {
    int[] count = {0};
    database.begin();
    DataSet.read(
        file,
        fields -> {
          work.accept(fields);
          if (++count[0] % BATCH == 0) {
            database.commit();
            database.begin();
          }
        });
    database.commit();
  }

  @Override
  public PeerStore open(DataSet data, Path store) {
    return new ArcadeStore(path(store));
  }

  private static String path(Path store) {
    return store.resolve("peers.arcade").toString();
  }
}
