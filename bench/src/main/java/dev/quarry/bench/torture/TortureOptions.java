package dev.quarry.bench.torture;

import dev.quarry.storage.torture.Suite;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `quarry torture` was asked for.
///
/// @param seconds for all suites together, 0 for no limit
/// @param states for each suite, 0 for no limit
/// @param rounds of suites that can count their cases, 0 for no limit
record TortureOptions(
    long seconds,
    long states,
    long rounds,
    List<String> suites,
    List<String> workloads,
    long seed,
    boolean json,
    boolean help,
    @Nullable String caseName) {
  static final String USAGE =
      """
      usage: quarry torture [--seconds N | --states N | --rounds N] [--suite R2,R6]
                            [--workload NAMES] [--seed N] [--json]
             quarry torture --suite R2 --case 'CASE'

      Does to stores what machines may do to them, on a simulated disk, and counts broken promises.
        R1  a process that commits is killed: recovered, compared, and on it goes
        steps  no fault: after each step the store is compared with a model, and checked
        R2  power loss: every subset of what was not durable, torn sectors
        R3  crashes during recovery, two deep; recover twice, then append
        R4  every single bit of a small store and of its log
        R5  swapped, misdirected, stale, zeroed and cut pages; sectors of a foreign log; a file
            that is cut under its map
        R6  an error, a short write, a full disk, a failed, dropping or lying barrier, an
            interrupt at each operation of the disk, once and from then on
        R7  a disk that is full after each 4 KiB
        R8  each reservation of memory refused, once and from then on
        R9  schedules of readers, writers, checkpoints and losses of power; alone, with every
            access to memory checked
        R12 two processes open one store at the same moment; a holder is killed
        R13 fields of files and logs mean anything, with all checksums right
        R23 threads are interrupted while they commit, checkpoint and open
      R1, R12 and R23 use the disk of the machine, in the folder for temporary files.
        R15 only if it is named: the other suites, each over a planted bug that it should catch;
            all of them take some minutes, --case NAME runs one

        --seconds N   for all suites together, each of which runs one case at least; 60 if
                      nothing else is said
        --states N    for each suite
        --rounds N    of R5, R6 and R8: all of their cases for a seed, with N seeds
        --suite LIST  only these
        --workload LIST   only these, such as group,graph-index
        --seed N      the first seed; else one of its own, which is printed
        --json        a JSON object instead of the table
        --case CASE   runs one case again, as a violation names it

      Exit code: 0 without violations, 1 with some, 2 for wrong options.""";

  private static final List<String> ROUNDS = List.of("R5", "R6", "R8");

  boolean wants(String suite) {
    return suites.isEmpty() || suites.contains(suite);
  }

  /// Whether a suite was asked for by its name.
  boolean names(String suite) {
    return suites.contains(suite);
  }

  boolean wantsWorkload(String workload) {
    return workloads.isEmpty() || workloads.contains(workload);
  }

  static TortureOptions parse(String[] words) {
    long seconds = 0;
    long states = 0;
    long rounds = 0;
    List<String> suites = List.of();
    List<String> workloads = List.of();
    long seed = System.nanoTime() >>> 24;
    boolean json = false;
    boolean help = false;
    String caseName = null;
    int start = words.length > 0 && words[0].equals("torture") ? 1 : 0;
    for (int i = start; i < words.length; i++) {
      switch (words[i]) {
        case "--seconds" -> seconds = number(words, ++i);
        case "--states" -> states = number(words, ++i);
        case "--rounds" -> rounds = number(words, ++i);
        case "--suite" -> suites = suites(value(words, ++i));
        case "--workload" -> workloads = workloads(value(words, ++i));
        case "--seed" -> seed = number(words, ++i);
        case "--json" -> json = true;
        case "--help", "-h" -> help = true;
        case "--case" -> caseName = value(words, ++i);
        default -> throw new IllegalArgumentException("unknown option " + words[i]);
      }
    }
    if (rounds > 0 && (suites.isEmpty() || !ROUNDS.containsAll(suites))) {
      throw new IllegalArgumentException("only these suites have rounds: " + ROUNDS);
    }
    return new TortureOptions(
        seconds, states, rounds, suites, workloads, seed, json, help, caseName);
  }

  private static List<String> suites(String list) {
    List<String> known =
        Stream.concat(
                Torture.suites(name -> true).stream().map(Suite::name), Stream.of(PlantedBugs.NAME))
            .toList();
    List<String> suites = Arrays.asList(list.split(","));
    for (String suite : suites) {
      if (!known.contains(suite)) {
        throw new IllegalArgumentException("no suite " + suite + "; there are " + known);
      }
    }
    return suites;
  }

  private static List<String> workloads(String list) {
    Set<String> known = new TreeSet<>();
    Torture.suites(known::add); // each name is asked for
    List<String> workloads = Arrays.asList(list.split(","));
    for (String workload : workloads) {
      if (!known.contains(workload)) {
        throw new IllegalArgumentException("no workload " + workload + "; there are " + known);
      }
    }
    return workloads;
  }

  private static String value(String[] words, int i) {
    if (i >= words.length) {
      throw new IllegalArgumentException(words[i - 1] + " needs a value");
    }
    return words[i];
  }

  private static long number(String[] words, int i) {
    String text = value(words, i);
    long number;
    try {
      number = Long.parseLong(text.replace("_", ""));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(words[i - 1] + " needs a number, not " + text, e);
    }
    if (number < 1 && !words[i - 1].equals("--seed")) {
      throw new IllegalArgumentException(words[i - 1] + " must be 1 or more, not " + text);
    }
    return number;
  }
}
