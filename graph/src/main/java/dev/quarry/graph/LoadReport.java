package dev.quarry.graph;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// What a load did.
///
/// @param nodes nodes that were created
/// @param relationships relationships that were created
/// @param rejected rows that could not be read
/// @param rejects the first of them, at most 100
/// @param time from the first byte read to the durable end
/// @param peakBytes most native memory that the load held at once, pages apart
public record LoadReport(
    long nodes,
    long relationships,
    long rejected,
    List<Reject> rejects,
    Duration time,
    long peakBytes) {
  public LoadReport {
    rejects = List.copyOf(rejects);
  }

  /// A row that was left out.
  ///
  /// @param line 1-based
  /// @param column number of the field, 1-based; 0 if the row is meant
  public record Reject(Path file, long line, int column, String reason) {
    @Override
    public String toString() {
      return file + ":" + line + (column == 0 ? "" : ", column " + column) + ": " + reason;
    }
  }
}
