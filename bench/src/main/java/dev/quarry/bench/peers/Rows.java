package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import dev.quarry.bench.peers.Results.Unit;
import dev.quarry.bench.peers.kit.Trial;
import dev.quarry.bench.peers.kit.Workload;

/// The rows of a report: those of workloads, and what is measured besides.
final class Rows {
  static final Row LOAD =
      new Row("load", "load from CSV until closed, durable", Unit.NANOSECONDS, "load");
  static final Row LOAD_VOLATILE =
      new Row(
          "load-volatile",
          "load from CSV until closed, not durable but for Quarry's",
          Unit.NANOSECONDS,
          "load");
  static final Row BYTES =
      new Row("bytes", "bytes of the store after the load", Unit.BYTES, "store");
  static final Row LOAD_PEAK =
      new Row("load-peak", "memory of a load, peak of the process", Unit.BYTES, "process");
  static final Row ANONYMOUS =
      new Row("anonymous", "memory after all workloads, not of files", Unit.BYTES, "process");
  static final Row OPEN =
      new Row("open", "open until the first look-up", Unit.NANOSECONDS, "opening");

  static final Row RECOVERY =
      new Row("recovery", "open after the process was killed", Unit.NANOSECONDS, "opening");

  private Rows() {}

  static Row of(Workload workload) {
    return new Row(workload.key(), workload.title(), Unit.NANOSECONDS, workload.unit());
  }

  /// The row of one measure of a workload; the workload's own for what most have one of.
  static Row of(Row workload, String measure) {
    return measure.equals(Trial.TIME)
        ? workload
        : new Row(
            workload.key() + " " + measure,
            workload.title() + ": " + measure,
            workload.unit(),
            workload.per());
  }

  static boolean isMemory(String measure) {
    return measure.equals("anon") || measure.equals("peak");
  }
}
