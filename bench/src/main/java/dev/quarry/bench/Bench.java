package dev.quarry.bench;

import dev.quarry.bench.allocator.AllocatorBenchmark;
import dev.quarry.bench.generate.Generate;
import dev.quarry.bench.generate.Kronecker;
import dev.quarry.bench.peers.PeersCommand;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// `quarry bench`: prints measurements as Markdown.
public final class Bench {
  private static final String USAGE =
      """
      usage: quarry bench WHAT [ROUNDS]
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
    boolean named = words.length > 0 && words[0].equals("bench");
    String[] arguments = named ? Arrays.copyOfRange(words, 1, words.length) : words;
    PrintStream out = System.out;
    String what = arguments.length == 0 ? "" : arguments[0];
    if (what.equals("kronecker") && arguments.length >= 3) {
      long seed = arguments.length > 3 ? Long.parseLong(arguments[3]) : 1;
      Kronecker.write(Integer.parseInt(arguments[1]), seed, Path.of(arguments[2]));
      return;
    }
    if (what.equals("generate") && arguments.length >= 4) {
      long seed = arguments.length > 4 ? Long.parseLong(arguments[4]) : 1;
      int scale = Integer.parseInt(arguments[2]);
      out.println(Generate.write(arguments[1], scale, Path.of(arguments[3]), seed));
      return;
    }
    if (what.equals("peers")) {
      Path root = Path.of(System.getProperty("quarry.home", "."));
      System.exit(PeersCommand.run(root, List.of(arguments).subList(1, arguments.length)));
    }
    if (what.equals("micro")) {
      String include = arguments.length > 1 ? arguments[1] : ".*";
      new Runner(new OptionsBuilder().include(include).build()).run();
      return;
    }
    boolean hasRounds = arguments.length > 1 && arguments[1].matches("[0-9]+");
    int rounds = hasRounds ? Integer.parseInt(arguments[1]) : 0;
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
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        ratios(out, ScanBenchmark.run(scale, Math.max(9, rounds)));
      }
      case "scan-filter" -> {
        int nodes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
        boolean inMemory = arguments.length > 3 && arguments[3].equals("memory");
        ratios(out, FilterBenchmark.run(nodes, Math.max(9, rounds), inMemory));
      }
      case "threads" -> {
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 13;
        ratios(out, ThreadsBenchmark.run(scale, Math.max(9, rounds)));
      }
      case "update" -> ratios(out, UpdateBenchmark.run(Math.max(9, rounds)));
      case "start" -> ratios(out, List.of(StartBenchmark.run(home, Math.max(9, rounds))));
      case "load" -> {
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 18;
        LoadBenchmark.run(home, scale, Math.max(5, rounds)).forEach(out::println);
      }
      case "load-within" -> {
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 22;
        LoadProcess.run(home, scale, arguments[1]).forEach(out::println);
      }
      case "allocators" -> {
        int millions = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 10;
        AllocatorBenchmark.run(Math.max(9, rounds), millions, out::println);
      }
      case "kernels" -> {
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 18;
        ratios(out, KernelBenchmark.run(scale, Math.max(9, rounds)));
      }
      case "cancel" -> {
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 18;
        CancelBenchmark.run(scale, Math.max(9, rounds)).forEach(out::println);
      }
      case "compact" -> {
        int scale = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 20;
        CompactBenchmark benchmark = CompactBenchmark.run(scale, Math.max(9, rounds));
        benchmark.lines().forEach(out::println);
        out.println();
        ratios(out, benchmark.ratios());
      }
      case "list-forms" -> {
        int scale = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 20;
        ListFormsBenchmark.run(scale).forEach(out::println);
      }
      case "strings" -> {
        int nodes = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 1_000_000;
        StringsBenchmark benchmark = StringsBenchmark.run(nodes, Math.max(9, rounds));
        benchmark.lines().forEach(out::println);
        out.println();
        ratios(out, benchmark.ratios());
      }
      case "heap" -> HeapBenchmark.run(16, 20).forEach(out::println);
      default -> {
        System.err.println(USAGE);
        System.exit(2);
      }
    }
  }

  private static void ratios(PrintStream out, List<String> lines) {
    out.println("| what | ours | rival | ratio | spread | rounds |");
    out.println("|---|--:|--:|--:|--:|--:|");
    lines.forEach(out::println);
  }
}
