package dev.quarry.graph.load;

import java.util.List;

/// Cuts sorted runs into ranges that fit in a buffer, so that all of one range comes before all of
/// the next.
///
/// ```text
/// run 0   ┄┄┄┄┄┬┄┄┄┄┄┄┄┄┄┬┄┄┄┄┄┄┄┄┄        ┬ sample
/// run 1   ┄┄┬┄┄┄┄┄┄┄┄┄┬┄┄┄▲┄┄┄┄┄┬┄┄
/// run 2   ┄┄┄┄┄┄┄┬┄┄┄┄┄┄┄┄┄▲┄┄┄┄┄┄┄        ▲ cut
/// ```
///
/// Records are in order of key and run, so that equals can be cut apart, too. Samples are taken in
/// that order until the buffer could be full; the last one, of run 0 here, is the cut, and in the
/// other runs it lies within one block. No record is compared with those of other runs: a range is
/// read and sorted, several at once.
final class RunRanges implements Pipeline.Stage<SortBuffer> {
  private final RunFile file;
  private final List<RunFile.Run> runs;
  private final long capacity;
  private final long slack; // records of blocks that are cut, at most
  private final long[] positions;
  private final long[] samples; // the next one of each run

  /// @param usual records of a range; it may be more where there are many runs
  RunRanges(RunFile file, long usual) {
    this.file = file;
    this.runs = file.runs();
    this.slack = runs.stream().mapToLong(RunFile.Run::step).sum();
    this.capacity = Math.max(usual, 2 * slack);
    this.positions = new long[runs.size()];
    this.samples = new long[runs.size()];
    java.util.Arrays.fill(samples, 1); // sample 0 lies before the first record
  }

  @Override
  public boolean begin(SortBuffer buffer) {
    System.arraycopy(positions, 0, buffer.from, 0, positions.length);
    int cut = cut();
    for (int i = 0; i < positions.length; i++) {
      positions[i] = cut < 0 ? runs.get(i).count() : positionOf(i, cut);
    }
    System.arraycopy(positions, 0, buffer.to, 0, positions.length);
    // The samples that were taken are a step of the run that was cut last, or more of another one.
    assert cut < 0 || buffer.count() > 0 : "an empty range";
    return buffer.count() > 0;
  }

  /// Returns the run whose last taken sample is the cut; -1 if all the rest fits.
  private int cut() {
    long taken = slack;
    int least = least();
    while (least >= 0) {
      samples[least]++;
      taken += runs.get(least).step();
      if (taken >= capacity) {
        return least;
      }
      least = least();
    }
    return -1;
  }

  /// The run whose next sample is the least; -1 if there are no more.
  private int least() {
    int least = -1;
    long key = 0;
    for (int i = 0; i < samples.length; i++) {
      RunFile.Run run = runs.get(i);
      if (samples[i] < run.sampleCount()) {
        long here = run.sample(samples[i]);
        if (least < 0 || Long.compareUnsigned(here, key) < 0) {
          least = i;
          key = here;
        }
      }
    }
    return least;
  }

  private long positionOf(int i, int cut) {
    RunFile.Run run = runs.get(i);
    long lastSample = (samples[i] - 1) * run.step();
    if (i == cut) {
      return lastSample;
    }
    RunFile.Run of = runs.get(cut);
    long from = Math.max(positions[i], lastSample);
    long to = Math.min(samples[i] * run.step(), run.count());
    return file.find(run, from, to, of.sample(samples[cut] - 1), i < cut);
  }

  @Override
  public void work(SortBuffer buffer) {
    long target = buffer.room();
    for (int i = 0; i < buffer.from.length; i++) {
      long count = buffer.to[i] - buffer.from[i];
      if (count > 0) {
        file.read(runs.get(i), buffer.from[i], buffer.to[i], target);
        target += count * file.recordBytes();
      }
    }
    buffer.sort();
  }
}
