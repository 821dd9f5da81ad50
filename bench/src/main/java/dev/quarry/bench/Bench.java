package dev.quarry.bench;

import dev.quarry.bench.allocator.AllocatorBenchmark;
import dev.quarry.bench.generate.Generate;
import dev.quarry.bench.generate.Kronecker;
import dev.quarry.bench.peers.PeersCommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `quarry bench`: prints measurements as Markdown.
public final class Bench {
  private static final String USAGE =
      """
      usage: quarry bench WHAT [ROUNDS]      at least 9 rounds, 5 of load, 1 of insert
        commit            durable commits against a raw write and barrier: warm, cold, 64 callers
        recovery          opening: after a crash by length of log, after a clean close by size
        insert            batched inserts of 10,000 and 1 M relationships against heap arrays
        together          one writer and one reader at once, each against itself alone
        scan [ROUNDS] [SCALE]   all neighbours in random order against a heap CSR
        scan-filter [ROUNDS [NODES [memory]]]   statements over properties of all nodes against loops
        threads [ROUNDS [SCALE]]   statements that aggregate many rows, on all processors against one
        update            updating statements per row: does time follow the number of rows?
        load [ROUNDS [SCALE]]   quarry load of a Kronecker graph against wc -l and a heap CSR
        load-within MEMORY [SCALE]   quarry load --memory: the most memory that the process has
        allocators [ROUNDS] [MILLIONS]   Quarry's allocators against others; memory after resizes
        kernels [ROUNDS] [SCALE]   graph algorithms against the same over heap arrays and in C++
        cancel [ROUNDS] [SCALE]   how long graph algorithms take to end when they are told to
        compact [ROUNDS [SCALE]]   bytes of lists and of the file before and after compaction, and packed
        list-forms [SCALE]   bytes of lists with edge slots and of mixed ones, compacted and packed
        strings [ROUNDS [NODES]]   bytes and scans of strings that repeat, before and after compaction
        heap              Java heap in use at scales 16 and 20
        start             quarry query "RETURN 1" against a hello world
        peers [OPTION VALUE]...   against other databases, each in a process of its own
        micro [REGEX]     JMH benchmarks of the parts
        generate KIND SCALE FOLDER [SEED]   writes a graph: kronecker, uniform, grid, clustered, social
        kronecker SCALE FILE [SEED]   writes a Kronecker graph as an edge list""";

  private Bench() {}

  /// @param words what to measure; a first `bench` is passed over, as a launcher may leave it there
  public static void main(String[] words) throws Exception {
    try {
      int exit = run(words);
      if (exit != 0) {
        System.exit(exit);
      }
    } catch (WrongWords e) {
      System.err.println("error: " + e.getMessage());
      System.err.println("  `quarry bench --help` tells how it is called");
      System.exit(2);
    }
  }

  /// @return the exit code
  static int run(String[] words) throws Exception {
    boolean named = words.length > 0 && words[0].equals("bench");
    String[] arguments = named ? Arrays.copyOfRange(words, 1, words.length) : words;
    PrintStream out = System.out;
    String what = arguments.length == 0 ? "" : arguments[0];
    if (what.equals("--help") || what.equals("-h")) {
      out.println(USAGE);
      return 0;
    }
    requireKnown(what, arguments);
    if (what.equals("kronecker") || what.equals("generate")) {
      write(what, arguments, out);
      return 0;
    }
    if (what.equals("peers")) {
      Path root = Path.of(System.getProperty("quarry.home", "."));
      return PeersCommand.run(root, List.of(arguments).subList(1, arguments.length));
    }
    if (what.equals("micro")) {
      String include = arguments.length > 1 ? arguments[1] : ".*";
      new Runner(new OptionsBuilder().include(include).build()).run();
      return 0;
    }
    boolean hasRounds = !what.equals("load-within") && !what.equals("list-forms");
    int rounds = hasRounds ? number(arguments, 1, 0) : 0;
    Path home = Path.of(System.getProperty("quarry.home", "."));
    out.printf(
        "Java %s, %s %s, %d processors%n%n",
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
    switch (what) {
      case "commit" -> ratios(out, CommitBenchmark.run(Math.max(9, rounds)));
      case "recovery" -> RecoveryBenchmark.run(Math.max(9, rounds)).forEach(out::println);
      case "insert" -> InsertBenchmark.run(Math.max(1, rounds)).forEach(out::println);
      case "together" -> TogetherBenchmark.run(Math.max(9, rounds)).forEach(out::println);
      case "scan" -> {
        int scale = number(arguments, 2, 20);
        ratios(out, ScanBenchmark.run(scale, Math.max(9, rounds)));
      }
      case "scan-filter" -> {
        int nodes = number(arguments, 2, 1_000_000);
        boolean inMemory = arguments.length > 3 && arguments[3].equals("memory");
        ratios(out, FilterBenchmark.run(nodes, Math.max(9, rounds), inMemory));
      }
      case "threads" -> {
        int scale = number(arguments, 2, 13);
        ratios(out, ThreadsBenchmark.run(scale, Math.max(9, rounds)));
      }
      case "update" -> ratios(out, UpdateBenchmark.run(Math.max(9, rounds)));
      case "start" -> ratios(out, List.of(StartBenchmark.run(home, Math.max(9, rounds))));
      case "load" -> {
        int scale = number(arguments, 2, 18);
        LoadBenchmark.run(home, scale, Math.max(5, rounds)).forEach(out::println);
      }
      case "load-within" -> {
        int scale = number(arguments, 2, 22);
        LoadProcess.run(home, scale, arguments[1]).forEach(out::println);
      }
      case "allocators" -> {
        int millions = number(arguments, 2, 10);
        AllocatorBenchmark.run(Math.max(9, rounds), millions, out::println);
      }
      case "kernels" -> {
        int scale = number(arguments, 2, 18);
        ratios(out, KernelBenchmark.run(scale, Math.max(9, rounds)));
      }
      case "cancel" -> {
        int scale = number(arguments, 2, 18);
        CancelBenchmark.run(scale, Math.max(9, rounds)).forEach(out::println);
      }
      case "compact" -> {
        int scale = number(arguments, 2, 20);
        CompactBenchmark benchmark = CompactBenchmark.run(scale, Math.max(9, rounds));
        benchmark.lines().forEach(out::println);
        out.println();
        ratios(out, benchmark.ratios());
      }
      case "list-forms" -> {
        int scale = number(arguments, 1, 20);
        ListFormsBenchmark.run(scale).forEach(out::println);
      }
      case "strings" -> {
        int nodes = number(arguments, 2, 1_000_000);
        StringsBenchmark benchmark = StringsBenchmark.run(nodes, Math.max(9, rounds));
        benchmark.lines().forEach(out::println);
        out.println();
        ratios(out, benchmark.ratios());
      }
      case "heap" -> HeapBenchmark.run(16, 20).forEach(out::println);
      default -> throw new WrongWords("there is no benchmark `" + what + "`");
    }
    return 0;
  }

  /// Before anything is printed: what is asked for exists, and has the words that it needs.
  private static void requireKnown(String what, String[] arguments) {
    String line =
        USAGE
            .lines()
            .skip(1)
            .map(String::strip)
            .filter(known -> known.split(" ")[0].equals(what))
            .findFirst()
            .orElse(null);
    if (line == null) {
      throw new WrongWords(
          what.isEmpty() ? "say what to measure" : "there is no benchmark `" + what + "`");
    }
    String call = line.split(" {3,}")[0];
    long needed = Arrays.stream(call.split(" ")).filter(word -> word.matches("[A-Z]+")).count();
    if (arguments.length - 1 < needed) {
      throw new WrongWords("it is called as " + call);
    }
  }

  private static void write(String what, String[] arguments, PrintStream out) throws IOException {
    boolean kinds = what.equals("generate");
    int first = kinds ? 2 : 1;
    int scale = number(arguments, first, 0);
    Path target = Path.of(arguments[first + 1]);
    long seed = whole(arguments, first + 2, 1);
    try {
      if (kinds) {
        out.println(Generate.write(arguments[1], scale, target, seed));
      } else {
        Kronecker.write(scale, seed, target);
      }
    } catch (IllegalArgumentException e) {
      throw new WrongWords(e.getMessage());
    } catch (FileSystemException e) {
      throw new WrongWords("cannot write " + e.getFile());
    }
  }

  private static int number(String[] arguments, int index, int missing) {
    long number = whole(arguments, index, missing);
    if (number < 0 || number > Integer.MAX_VALUE) {
      throw new WrongWords("`" + arguments[index] + "` is out of range");
    }
    return (int) number;
  }

  private static long whole(String[] arguments, int index, long missing) {
    if (arguments.length <= index) {
      return missing;
    }
    try {
      return Long.parseLong(arguments[index]);
    } catch (NumberFormatException e) {
      throw new WrongWords("`" + arguments[index] + "` is no number");
    }
  }

  /// What was asked for cannot be done, said to a person.
  static final class WrongWords extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WrongWords(String message) {
      super(message);
    }
  }

  private static void ratios(PrintStream out, List<String> lines) {
    out.println("| what | ours | rival | ratio | spread | rounds |");
    out.println("|---|--:|--:|--:|--:|--:|");
    lines.forEach(out::println);
  }
}
