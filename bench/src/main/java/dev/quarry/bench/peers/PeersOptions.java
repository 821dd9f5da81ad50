package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.Workload;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What `quarry bench peers` was told to do.
///
/// @param scale of the graph: 2^scale nodes, about 14 relationships for each
/// @param rounds that count, of each workload
/// @param loads how often everyone loads
/// @param peers who takes part besides Quarry; empty for all
/// @param workloads what is asked, in their own order
/// @param warmUp how long reads are repeated at least before rounds count
/// @param repeat how long what only reads is repeated in each round
/// @param limit for each request
/// @param aot whether each JVM starts with an AOT cache of its own
/// @param report a Markdown file; null to print it
/// @param page an HTML file, or null
/// @param history a CSV file to which ratios are added, or null
record PeersOptions(
    int scale,
    int rounds,
    int loads,
    List<String> peers,
    List<Workload> workloads,
    Duration warmUp,
    Duration repeat,
    Duration limit,
    boolean aot,
    @Nullable Path report,
    @Nullable Path page,
    @Nullable Path history) {
  static final String USAGE =
      """
      usage: quarry bench peers [OPTION VALUE]...
        --scale N          2^N nodes (13)
        --rounds N         rounds of each workload that count (9)
        --loads N          how often everyone loads (5)
        --peers A,B        who takes part besides Quarry (all)
        --workloads A,B    what is asked, such as look-up,hop-2,batch (all)
        --warm-up MILLIS   before rounds of reads count (1000)
        --repeat MILLIS    how long what only reads is repeated in each round (20)
        --limit SECONDS    for each request (60)
        --aot on|off       whether each JVM starts with an AOT cache of its own (on)
        --report FILE.md   where the report goes (standard output)
        --html FILE.html   the same as one page with plots
        --history FILE.csv ratios are added to it""";

  PeersOptions {
    peers = List.copyOf(peers);
    workloads = List.copyOf(workloads);
  }

  /// Reads the words after `peers`.
  ///
  /// @throws IllegalArgumentException with a sentence for the user
  static PeersOptions parse(List<String> words) {
    int scale = 13;
    int rounds = 9;
    int loads = 5;
    List<String> peers = List.of();
    List<Workload> workloads = Arrays.asList(Workload.values());
    Duration warmUp = Duration.ofSeconds(1);
    Duration repeat = Duration.ofMillis(20);
    Duration limit = Duration.ofSeconds(60);
    boolean aot = true;
    Path report = null;
    Path page = null;
    Path history = null;
    for (int i = 0; i < words.size(); i += 2) {
      String option = words.get(i);
      if (i + 1 == words.size()) {
        throw new IllegalArgumentException(option + " has no value");
      }
      String value = words.get(i + 1);
      switch (option) {
        case "--scale" -> scale = number(option, value, 8, 26);
        case "--rounds" -> rounds = number(option, value, 1, 1_000);
        case "--loads" -> loads = number(option, value, 1, 1_000);
        case "--limit" -> limit = Duration.ofSeconds(number(option, value, 1, 100_000));
        case "--warm-up" -> warmUp = Duration.ofMillis(number(option, value, 0, 100_000));
        case "--repeat" -> repeat = Duration.ofMillis(number(option, value, 0, 100_000));
        case "--peers" -> peers = List.of(value.split(","));
        case "--workloads" -> workloads = workloads(value);
        case "--aot" -> aot = isOn(option, value);
        case "--report" -> report = Path.of(value);
        case "--html" -> page = Path.of(value);
        case "--history" -> history = Path.of(value);
        default -> throw new IllegalArgumentException("there is no option " + option);
      }
    }
    return new PeersOptions(
        scale, rounds, loads, peers, workloads, warmUp, repeat, limit, aot, report, page, history);
  }

  private static int number(String option, String value, int least, int most) {
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw new IllegalArgumentException(
        option + " takes a number from " + least + " to " + most + ", not `" + value + "`");
  }

  private static boolean isOn(String option, String value) {
    return switch (value) {
      case "on" -> true;
      case "off" -> false;
      default -> throw new IllegalArgumentException(option + " is on or off, not `" + value + "`");
    };
  }

  private static List<Workload> workloads(String keys) {
    List<Workload> chosen = new ArrayList<>();
    for (String key : keys.split(",")) {
      try {
        chosen.add(Workload.of(key));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "there is no workload `"
                + key
                + "`; there are "
                + Arrays.stream(Workload.values()).map(Workload::key).toList());
      }
    }
    chosen.sort(null); // reads before writes
    return chosen;
  }
}
