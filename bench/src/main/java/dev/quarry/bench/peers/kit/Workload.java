package dev.quarry.bench.peers.kit;

import dev.quarry.bench.peers.kit.PeerStore.Paths;
import dev.quarry.bench.peers.kit.PeerStore.Ranks;
import dev.quarry.bench.peers.kit.PeerStore.Reach;
import dev.quarry.bench.peers.kit.PeerStore.Sum;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// A piece of work that is asked of every peer, with its inputs and the text of its answer.
///
/// Those that read come before those that write, so that reads see what was loaded.
public enum Workload {
  LOOK_UP("point look-up by key", "look-up") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      int[] ids = data.ids(name(), round, 1_000);
      return "" + trial.repeat(ids.length, () -> store.lookUp(ids));
    }
  },
  HOP_1("1-hop, distinct ends, by a statement", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 100, trial, start -> store.hops(start, 1));
    }
  },
  HOP_2("2-hop, distinct ends, by a statement", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 20, trial, start -> store.hops(start, 2));
    }
  },
  HOP_3("3-hop, distinct ends, by a statement", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 10, trial, start -> store.hops(start, 3));
    }
  },
  WALK_1("1-hop, distinct ends, by calls", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 100, trial, start -> store.walk(start, 1));
    }
  },
  WALK_2("2-hop, distinct ends, by calls", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 20, trial, start -> store.walk(start, 2));
    }
  },
  WALK_3("3-hop, distinct ends, by calls", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 10, trial, start -> store.walk(start, 3));
    }
  },
  WITHIN_2("1 to 2 hops, distinct ends", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 20, trial, start -> store.within(start, 2));
    }
  },
  WITHIN_3("1 to 3 hops, distinct ends", "start") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return ends(data, 10, trial, start -> store.within(start, 3));
    }
  },
  PATHS("2-paths, all", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return "" + trial.repeat(1, () -> store.paths(Paths.ALL, 0));
    }
  },
  PATHS_MIDDLE("2-paths, middle filtered to 10 %", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return "" + trial.repeat(1, () -> store.paths(Paths.MIDDLE, DataSet.SCORES / 10));
    }
  },
  PATHS_END("2-paths, end filtered to 10 %", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return "" + trial.repeat(1, () -> store.paths(Paths.END, DataSet.SCORES / 10));
    }
  },
  PATHS_GROUP("2-paths, by a property of the middle", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return text(trial.repeat(1, store::pathsByGroup));
    }
  },
  PATHS_DISTINCT("2-paths, distinct ends", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return "" + trial.repeat(1, () -> store.paths(Paths.DISTINCT, 0));
    }
  },
  TRIANGLES("triangles", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return "" + trial.repeat(1, store::triangles);
    }
  },
  BFS("breadth-first search, distances to all", "search") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      int start = data.starts(10)[9];
      Reach reach = trial.repeat(1, () -> store.breadthFirst(start));
      return reach.nodes() + ":" + reach.distances();
    }
  },
  PAGE_RANK("PageRank, 10 iterations", "run") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      Ranks ranks = trial.repeat(1, () -> store.pageRank(10));
      return ranks.total() + ":" + ranks.squares() + ":" + ranks.known();
    }

    @Override
    public boolean agrees(String expected, String answer) {
      return areClose(expected.split(":"), answer.split(":"));
    }
  },
  WCC("weakly connected components", "run") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      int node = data.starts(10)[9];
      return text(trial.repeat(1, () -> store.components(node)));
    }
  },
  SCAN("all relationships, sum of target ids", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return text(trial.repeat(1, store::scan));
    }
  },
  FILTER("nodes with score < x, count and sum", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return text(trial.repeat(1, () -> store.filter(DataSet.SCORES / 2)));
    }
  },
  GROUP("nodes by group, sum", "query") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      return text(trial.repeat(1, store::sumByGroup));
    }
  },
  LSQB_1("LSQB q1: from countries to classes of tags", SocialQuestion.LSQB_1),
  LSQB_2("LSQB q2: friends who answered friends", SocialQuestion.LSQB_2),
  LSQB_3("LSQB q3: triangles of friends in a country", SocialQuestion.LSQB_3),
  LSQB_4("LSQB q4: tagged messages, likes, replies", SocialQuestion.LSQB_4),
  LSQB_5("LSQB q5: replies with another tag", SocialQuestion.LSQB_5),
  LSQB_6("LSQB q6: interests of friends of friends", SocialQuestion.LSQB_6),
  LSQB_7("LSQB q7: tagged messages, likes and replies if any", SocialQuestion.LSQB_7),
  LSQB_8("LSQB q8: as q5, the tag not on the reply", SocialQuestion.LSQB_8),
  LSQB_9("LSQB q9: as q6, no friends", SocialQuestion.LSQB_9),
  READ_1("short read 1: a person", SocialQuestion.READ_1),
  READ_2("short read 2: the last messages of a person", SocialQuestion.READ_2),
  READ_3("short read 3: friends of a person", SocialQuestion.READ_3),
  READ_4("short read 4: a message", SocialQuestion.READ_4),
  READ_5("short read 5: who wrote a message", SocialQuestion.READ_5),
  READ_6("short read 6: the forum of a message", SocialQuestion.READ_6),
  READ_7("short read 7: replies to a message", SocialQuestion.READ_7),
  COMMIT("lone commits of 1 relationship, durable", "commit") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      store.durable(true);
      return commits(store, data, round, trial);
    }
  },
  COMMIT_ASYNC("lone commits of 1 relationship, not durable", "commit") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      store.durable(false);
      return commits(store, data, round, trial);
    }
  },
  BATCH("10,000 relationships a transaction, durable", "relationship") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      store.durable(true);
      return batch(store, data, round, trial);
    }
  },
  BATCH_ASYNC("10,000 relationships a transaction, not durable", "relationship") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      store.durable(false);
      return batch(store, data, round, trial);
    }
  },
  MIXED("one thread looks up, one commits", "operation") {
    @Override
    String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
      store.durable(true);
      return Mixed.run(store, data, round, trial);
    }

    @Override
    public String answer(PeerStore store, DataSet data, int round) {
      return Mixed.ANSWER;
    }
  };

  private static final int COMMITS = 100;
  private static final int BATCH_SIZE = 10_000;
  private static final double TOLERANCE = 1e-6;

  private final String title;
  private final String unit;
  private final Optional<SocialQuestion> social;

  Workload(String title, String unit) {
    this.title = title;
    this.unit = unit;
    this.social = Optional.empty();
  }

  /// @param social what is asked about the social network
  Workload(String title, SocialQuestion social) {
    this.title = title;
    this.unit = social.isRead() ? "read" : "query";
    this.social = Optional.of(social);
  }

  /// What is done, in words of the report.
  public String title() {
    return title;
  }

  /// What times are per.
  public String unit() {
    return unit;
  }

  /// The name in requests, such as `look-up`.
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// The workload with this key.
  public static Workload of(String key) {
    return valueOf(key.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  /// Whether it changes the graph.
  public boolean writes() {
    return ordinal() >= COMMIT.ordinal();
  }

  /// Whether its inputs differ from round to round.
  public boolean drawsInputs() {
    return this == LOOK_UP || social.filter(SocialQuestion::isRead).isPresent() || writes();
  }

  /// Does one round.
  ///
  /// @return the answer, without white space; of what writes, by how many the relationships grew
  String run(PeerStore store, DataSet data, int round, Trial trial) throws Exception {
    return social.orElseThrow().ask(store.social(), data, round, trial);
  }

  /// The answer of a store that is not measured, to compare others with.
  public String answer(PeerStore store, DataSet data, int round) throws Exception {
    return run(store, data, round, new Trial(Duration.ZERO));
  }

  /// Whether an answer is the expected one; of floats, nearly.
  public boolean agrees(String expected, String answer) {
    return expected.equals(answer);
  }

  private static boolean areClose(String[] expected, String[] answer) {
    boolean close = expected.length == answer.length;
    for (int i = 0; close && i < expected.length; i++) {
      double right = Double.parseDouble(expected[i]);
      close = Math.abs(Double.parseDouble(answer[i]) - right) <= TOLERANCE * Math.abs(right);
    }
    return close;
  }

  private static String text(Sum sum) {
    return sum.count() + ":" + sum.sum();
  }

  private interface FromStart {
    long count(int start) throws Exception;
  }

  /// The sum of counts over the first so many starts.
  private static String ends(DataSet data, int count, Trial trial, FromStart work)
      throws Exception {
    int[] starts = data.starts(count);
    return trial.repeat(
        starts.length,
        () -> {
          long sum = 0;
          for (int start : starts) {
            sum += work.count(start);
          }
          return "" + sum;
        });
  }

  private static String commits(PeerStore store, DataSet data, int round, Trial trial)
      throws Exception {
    int[] sources = data.ids("commit from", round, COMMITS);
    int[] targets = data.ids("commit to", round, COMMITS);
    long before = store.relationships();
    trial.time(
        COMMITS,
        () -> {
          for (int i = 0; i < COMMITS; i++) {
            store.commit(sources[i], targets[i]);
          }
          return true;
        });
    return "" + (store.relationships() - before);
  }

  private static String batch(PeerStore store, DataSet data, int round, Trial trial)
      throws Exception {
    int[] sources = data.ids("batch from", round, BATCH_SIZE);
    int[] targets = data.ids("batch to", round, BATCH_SIZE);
    long before = store.relationships();
    trial.time(
        BATCH_SIZE,
        () -> {
          store.insert(sources, targets);
          return true;
        });
    return "" + (store.relationships() - before);
  }
}
