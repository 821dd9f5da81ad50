package dev.quarry.graph.check;

import dev.quarry.graph.Progress;
import dev.quarry.storage.io.Clock;

/// Tells a [Progress] how far long work is: at each new stage, then every quarter of a second.
///
/// Used by one thread.
public final class Steps {
  private static final long INTERVAL = 250_000_000;
  private static final int LOOK = 1 << 12;

  private final Progress progress;
  private final Clock clock;
  private final int stages;
  private String stage = "";
  private int number;
  private long rows;
  private long bytes;
  private long totalBytes;
  private long last;

  /// @param stages how many there will be
  public Steps(Progress progress, Clock clock, int stages) {
    this.progress = progress;
    this.clock = clock;
    this.stages = stages;
  }

  /// Begins a stage.
  public void stage(String name) {
    stage(name, 0);
  }

  /// Begins a stage of which it is known how many bytes it has to read.
  public void stage(String name, long ofBytes) {
    stage = name;
    number++;
    rows = 0;
    bytes = 0;
    totalBytes = ofBytes;
    tell();
  }

  /// Counts a row.
  public void row() {
    if ((++rows & LOOK - 1) == 0) {
      look();
    }
  }

  /// Counts rows.
  public void rows(long more) {
    long before = rows;
    rows += more;
    if ((before ^ rows) >= LOOK) {
      look();
    }
  }

  /// Counts a page.
  public void page(int pageBytes) {
    bytes += pageBytes;
    if ((++rows & 63) == 0) {
      look();
    }
  }

  /// Counts bytes that were gone over, at most as many as there are, in a step of some length.
  public void bytes(long more) {
    rows++;
    bytes = Math.min(totalBytes, bytes + more);
    look();
  }

  private void look() {
    if (clock.nanoTime() - last > INTERVAL) {
      tell();
    }
  }

  private void tell() {
    last = clock.nanoTime();
    progress.at(new Progress.Step(stage, number, stages, rows, bytes, totalBytes, 0));
  }
}
