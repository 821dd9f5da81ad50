package dev.quarry.graph.load;

import dev.quarry.graph.Progress;
import dev.quarry.storage.io.Clock;

/// Tells a [Progress] how far the load is: at each new stage, then every quarter of a second.
final class LoadProgress {
  private static final long INTERVAL = 250_000_000;
  private static final int LOOK = 1 << 12;
  private static final long RECORD_BYTES = 8;

  private final Progress progress;
  private final Clock clock;
  private final Rejects rejects;
  private final int stages;
  private String stage = "";
  private int number;
  private long rows;
  private long look; // at the clock, when there are so many rows
  private long totalBytes;
  private long last;

  LoadProgress(Progress progress, Clock clock, Rejects rejects, int stages) {
    this.progress = progress;
    this.clock = clock;
    this.rejects = rejects;
    this.stages = stages;
  }

  void stage(String name, long bytes) {
    stage = name;
    number++;
    rows = 0;
    look = LOOK;
    totalBytes = bytes;
    tell(0);
  }

  /// Counts a row.
  void row(long bytesRead) {
    rows(1, bytesRead);
  }

  /// Counts rows.
  void rows(long more, long bytesRead) {
    rows += more;
    if (rows >= look && clock.nanoTime() - last > INTERVAL) {
      tell(bytesRead);
    }
    look = rows >= look ? rows + LOOK : look;
  }

  /// The bytes that are read to write the lists of both directions.
  static long listBytes(long relationships) {
    return 2 * relationships * RECORD_BYTES;
  }

  /// Counts relationships that were written to lists of one direction.
  void lists(long more) {
    rows(more, (rows + more) * RECORD_BYTES);
  }

  private void tell(long bytes) {
    last = clock.nanoTime();
    progress.at(new Progress.Step(stage, number, stages, rows, bytes, totalBytes, rejects.count()));
  }
}
