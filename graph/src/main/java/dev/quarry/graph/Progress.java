package dev.quarry.graph;

/// Is told how far long work has come, a few times a second at most. Called by the working thread;
/// what it throws ends the work.
@FunctionalInterface
public interface Progress {
  /// Tells nobody.
  Progress NONE = step -> {};

  /// Takes a report.
  void at(Step step);

  /// How far the work is.
  ///
  /// @param stage what is done, as `nodes airports.csv`
  /// @param number of the stage, 1-based
  /// @param stages how many there are
  /// @param rows done in this stage
  /// @param bytes read in this stage, of files or of what was noted before
  /// @param totalBytes bytes of this stage, 0 if unknown
  /// @param rejected rows left out so far
  record Step(
      String stage,
      int number,
      int stages,
      long rows,
      long bytes,
      long totalBytes,
      long rejected) {}
}
