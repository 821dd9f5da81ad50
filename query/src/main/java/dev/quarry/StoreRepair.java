package dev.quarry;

import dev.quarry.graph.Progress;
import dev.quarry.graph.repair.Losses;
import dev.quarry.graph.repair.Repair;
import java.nio.file.Path;
import java.time.Duration;

/// Repairs stores, and says so in the words of the facade.
final class StoreRepair {
  private StoreRepair() {}

  static RepairReport run(
      Path store, Path target, OpenOptions options, boolean withoutWal, Progress progress) {
    long start = System.nanoTime();
    Repair.Result result = Repair.run(store, target, options.storeOptions(), withoutWal, progress);
    return new RepairReport(
        target,
        result.commitNumber(),
        result.nodes(),
        result.relationships(),
        result.damagedPages(),
        result.pages(),
        result.losses().stream().map(StoreRepair::loss).toList(),
        result.notes(),
        Duration.ofNanos(System.nanoTime() - start));
  }

  private static RepairReport.Loss loss(Losses.Loss loss) {
    RepairReport.Kind kind = RepairReport.Kind.valueOf(loss.kind().name());
    return new RepairReport.Loss(kind, loss.of(), loss.count(), loss.exact());
  }
}
