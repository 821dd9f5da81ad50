package dev.quarry.bench.peers;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What a run found: for every measure, what each contestant reached in which round, or why not.
///
/// **Invariant:** a contestant that gave a wrong answer, failed or has no way to do something keeps
/// no figure of that measure, whatever it reached before.
final class Results {
  /// What a figure is.
  enum Unit {
    NANOSECONDS,
    BYTES
  }

  /// One measure of one workload.
  ///
  /// @param key of the workload, such as `hop-2`, and the measure where it has several
  /// @param title in words
  /// @param unit of the figures; of times, nanoseconds for one of `per`
  record Row(String key, String title, Unit unit, String per) {}

  /// What a contestant reached.
  static final class Cell {
    private final TreeMap<Integer, Double> figures = new TreeMap<>();
    private @Nullable String reason;
    private boolean failed;

    /// By round.
    Map<Integer, Double> figures() {
      return figures;
    }

    /// Why there are no figures; null if there are.
    @Nullable String reason() {
      return reason;
    }

    /// Whether it tried and could not, rather than having no way to.
    boolean failed() {
      return failed;
    }

    private void without(String why, boolean asFailure) {
      figures.clear();
      reason = why;
      failed = asFailure;
    }
  }

  private final List<String> contestants;
  private final Map<Row, Map<String, Cell>> cells = new LinkedHashMap<>();

  Results(List<String> contestants) {
    this.contestants = List.copyOf(contestants);
  }

  /// Quarry first.
  List<String> contestants() {
    return contestants;
  }

  /// The measures that somebody reached something in, or failed at.
  List<Row> rows() {
    return cells.entrySet().stream()
        .filter(
            entry ->
                entry.getValue().values().stream()
                    .anyMatch(cell -> cell.failed || !cell.figures.isEmpty()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// The cell of a contestant; one without figures and reason if it was not asked.
  Cell cell(Row row, String contestant) {
    return cells.getOrDefault(row, Map.of()).getOrDefault(contestant, new Cell());
  }

  void figure(Row row, String contestant, int round, double figure) {
    Cell cell = made(row, contestant);
    if (cell.reason == null) {
      cell.figures.put(round, figure);
    }
  }

  /// Notes that it failed, and forgets the figures of all measures of the row's workload.
  void failed(Row row, String contestant, String reason) {
    cells.forEach(
        (other, byContestant) -> {
          if (other.key().startsWith(row.key() + " ")) {
            byContestant.remove(contestant);
          }
        });
    made(row, contestant).without(reason, true);
  }

  /// Forgets what it reached, as if it had not been asked.
  void forget(Row row, String contestant) {
    cells.getOrDefault(row, new LinkedHashMap<>()).remove(contestant);
  }

  void absent(Row row, String contestant, String reason) {
    made(row, contestant).without(reason, false);
  }

  private Cell made(Row row, String contestant) {
    return cells
        .computeIfAbsent(row, key -> new LinkedHashMap<>())
        .computeIfAbsent(contestant, key -> new Cell());
  }

  /// Everything that failed, as lines for the report.
  List<String> failures() {
    List<String> lines = new ArrayList<>();
    cells.forEach(
        (row, byContestant) ->
            byContestant.forEach(
                (contestant, cell) -> {
                  if (cell.failed) {
                    lines.add(contestant + ", " + row.title() + ": " + cell.reason);
                  }
                }));
    return lines;
  }
}
