package dev.quarry.bench;

/// Prints measurements as Markdown.
///
/// `java -cp 'bench/target/dist/lib/*' dev.quarry.bench.Bench commit [ROUNDS]`
public final class Bench {
  private static final int LEAST_ROUNDS = 9;

  private Bench() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 0 || !args[0].equals("commit")) {
      System.err.println("usage: Bench commit [ROUNDS]");
      System.exit(2);
    }
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 15;
    System.out.printf(
        "Java %s, %s %s, %d processors%n%n",
        Runtime.version(),
        System.getProperty("os.name"),
        System.getProperty("os.arch"),
        Runtime.getRuntime().availableProcessors());
    System.out.println("| what | ours | rival | ratio | spread | rounds |");
    System.out.println("|---|--:|--:|--:|--:|--:|");
    System.out.println(CommitBenchmark.run(Math.max(LEAST_ROUNDS, rounds)));
  }
}
