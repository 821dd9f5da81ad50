package dev.quarry.bench;

import dev.quarry.bench.peers.CountingStatements;
import java.util.ArrayList;
import java.util.List;

/// Statements that aggregate many rows: on all processors against one, in turn. Answers are
/// compared before times are.
final class ThreadsBenchmark {
  private static final long WARM_UP_NANOS = 1_000_000_000L;
  private static final long ROUND_NANOS = 20_000_000L;

  private ThreadsBenchmark() {}

  /// Returns the lines of a table in Markdown; times are those of one answer.
  static List<String> run(int scale, int rounds) throws Exception {
    List<String> lines = new ArrayList<>();
    try (Folder folder = Folder.create();
        CountingStatements statements = CountingStatements.load(folder.path(), scale)) {
      for (String name : statements.names()) {
        String alone = statements.answer(name, 1);
        String together = statements.answer(name, 0);
        if (!alone.equals(together)) {
          throw new IllegalStateException(name + ": " + alone + " and " + together);
        }
        warmUp(statements, name);
        lines.add(
            Interleaved.compare(
                name, () -> nanos(statements, name, 0), () -> nanos(statements, name, 1), rounds));
      }
    }
    return lines;
  }

  private static void warmUp(CountingStatements statements, String name) {
    long end = System.nanoTime() + WARM_UP_NANOS;
    while (System.nanoTime() < end) {
      statements.answer(name, 0);
      statements.answer(name, 1);
    }
  }

  /// As often as takes a while, at least once.
  private static double nanos(CountingStatements statements, String name, int threads) {
    long start = System.nanoTime();
    int times = 0;
    long now = start;
    while (times == 0 || now - start < ROUND_NANOS) {
      statements.answer(name, threads);
      times++;
      now = System.nanoTime();
    }
    return (double) (now - start) / times;
  }
}
