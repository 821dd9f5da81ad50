package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.NotOffered;
import dev.quarry.bench.peers.kit.Peer;
import dev.quarry.bench.peers.kit.PeerStore;
import dev.quarry.bench.peers.kit.Session;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;

/// An adapter over arrays on the heap that behaves as its first argument says.
final class FakePeer implements Peer {
  /// What is wrong with it.
  enum Manner {
    HONEST,
    /// Wrong sums of scores.
    LIES,
    /// Right at first, wrong from the fourth round on.
    LIES_LATER,
    /// Ends at walks of two steps.
    CRASHES,
    /// Never comes back from walks of two steps.
    HANGS,
    /// Raises an exception at walks of two steps.
    RAISES,
    /// Has no way to do walks of two steps.
    LACKS,
    /// Prints what looks like nothing to standard output in between.
    CHATTERS,
    /// Replies in another language.
    BABBLES,
    /// Keeps what is committed to itself until it is closed.
    FORGETS,
    /// Loads half of it.
    LOSES,
    /// Ends before it says anything.
    STILLBORN
  }

  private final Manner manner;

  private FakePeer(Manner manner) {
    this.manner = manner;
  }

  static Contestant contestant(String name, Manner manner) {
    return new Contestant(
        name,
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            FakePeer.class.getName(),
            manner.name()));
  }

  public static void main(String[] arguments) throws Exception {
    Manner manner = Manner.valueOf(arguments[0]);
    if (manner == Manner.STILLBORN) {
      System.err.println("no room for me");
      System.exit(9);
    }
    if (manner == Manner.BABBLES) {
      System.out.println("@bonjour");
    }
    if (manner == Manner.CHATTERS) {
      System.out.println("welcome to the chattering peer");
    }
    Session.serve(new FakePeer(manner), new String[] {arguments[1], arguments[2]});
  }

  @Override
  public String version() {
    return "Fake 1.0 & <more>";
  }

  @Override
  public String configuration() {
    return "as it is | " + manner;
  }

  @Override
  public void load(DataSet data, Path store) throws Exception {
    Files.writeString(store.resolve("loaded"), "12345");
  }

  @Override
  public PeerStore open(DataSet data, Path store) throws Exception {
    Oracle oracle = new Oracle(data);
    Path log = store.resolve("log");
    if (Files.exists(log)) {
      oracle.insert(new int[(int) Files.size(log)], new int[0]);
    }
    return new FakeStore(manner, oracle, log);
  }

  private static final class FakeStore implements PeerStore {
    private final Manner manner;
    private final Oracle oracle;
    private final Path log;
    private int lookUps;
    private int[] lookedUp = {};

    /// @param log a byte for each commit
    FakeStore(Manner manner, Oracle oracle, Path log) {
      this.manner = manner;
      this.oracle = oracle;
      this.log = log;
    }

    @Override
    public long nodes() {
      return manner == Manner.LOSES ? oracle.nodes() / 2 : oracle.nodes();
    }

    @Override
    public long relationships() {
      return oracle.relationships();
    }

    @Override
    public long lookUp(int[] ids) {
      if (ids.length > 1 && !Arrays.equals(ids, lookedUp)) { // a round repeats what it looks up
        lookedUp = ids;
        lookUps++;
      }
      boolean wrong = manner == Manner.LIES || manner == Manner.LIES_LATER && lookUps > 3;
      return oracle.lookUp(ids) + (wrong && ids.length > 1 ? 1 : 0);
    }

    @Override
    public long hops(int start, int steps) throws Exception {
      if (steps == 2) {
        switch (manner) {
          case CRASHES -> {
            System.err.println("out of luck");
            Runtime.getRuntime().halt(7);
          }
          case HANGS -> Thread.sleep(600_000);
          case RAISES -> throw new IllegalStateException("no luck today");
          case LACKS -> throw new NotOffered("walks are beyond it");
          default -> {}
        }
      }
      return oracle.hops(start, steps);
    }

    @Override
    public long triangles() {
      return oracle.triangles();
    }

    @Override
    public void commit(int source, int target) throws Exception {
      oracle.commit(source, target);
      if (manner != Manner.FORGETS) {
        Files.writeString(log, "+", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      }
    }

    @Override
    public void close() {}
  }
}
