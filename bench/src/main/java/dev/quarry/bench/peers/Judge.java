package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import java.util.function.BiPredicate;

/// Compares answers, and only then lets figures into the results.
final class Judge {
  private final Results results;

  Judge(Results results) {
    this.results = results;
  }

  /// Keeps what a reply measured if its answer is the expected one.
  ///
  /// @param round -1 if it does not count; its answer does
  /// @return the reply, or that it failed if the answer was wrong
  Reply keep(Row row, String name, int round, String expected, Reply reply) {
    return keep(row, name, round, expected, reply, String::equals);
  }

  /// The same for answers that may differ a little.
  ///
  /// @param agrees whether an answer, the second, is the expected one
  Reply keep(
      Row row,
      String name,
      int round,
      String expected,
      Reply reply,
      BiPredicate<String, String> agrees) {
    switch (reply) {
      case Reply.Failed(String message) -> results.failed(row, name, message);
      case Reply.Absent(String reason) -> results.absent(row, name, reason);
      case Reply.Done done -> {
        if (!agrees.test(expected, done.answer())) {
          String wrong = "wrong answer: " + done.answer() + ", expected " + expected;
          results.failed(row, name, wrong);
          return new Reply.Failed(wrong);
        }
        if (round >= 0) {
          for (String measure : done.measures().keySet()) {
            if (!Rows.isMemory(measure)) {
              measure(Rows.of(row, measure), name, round, done, measure);
            }
          }
        }
      }
    }
    return reply;
  }

  /// Keeps one measure of a reply under a row, if it has that measure.
  void measure(Row row, String name, int round, Reply.Done done, String measure) {
    Double figure = done.measures().get(measure);
    if (figure != null) {
      results.figure(row, name, round, figure);
    }
  }
}
