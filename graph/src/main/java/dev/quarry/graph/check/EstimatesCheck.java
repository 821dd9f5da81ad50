package dev.quarry.graph.check;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.statistics.ArenaEstimate;
import dev.quarry.graph.statistics.ColumnEstimate;
import dev.quarry.graph.statistics.DegreeEstimate;
import dev.quarry.graph.statistics.EstimatesFormat;
import dev.quarry.graph.transaction.GraphSnapshot;
import java.util.List;
import java.util.function.Consumer;

/// Verifies that estimates can be read and speak of what there is; how good they are is not judged.
final class EstimatesCheck {
  private final GraphSnapshot snapshot;
  private final Consumer<String> problems;

  EstimatesCheck(GraphSnapshot snapshot, Consumer<String> problems) {
    this.snapshot = snapshot;
    this.problems = problems;
  }

  void run() {
    int space = snapshot.catalog().statistics().estimates();
    if (space < 0) {
      return;
    }
    Catalog catalog = snapshot.catalog();
    for (ArenaEstimate one : EstimatesFormat.read(snapshot.pages(), space).arenas()) {
      List<Arena> arenas = one.ofRelationships() ? catalog.edgeArenas() : catalog.arenas();
      String what = "the estimate of " + (one.ofRelationships() ? "type " : "arena ") + one.arena();
      if (one.arena() < 0 || one.arena() >= arenas.size()) {
        problems.accept(what + ": there is none of that number");
        continue;
      }
      if (one.commit() > snapshot.commitNumber() || one.records() < 0) {
        problems.accept("%s: %d records at commit %d".formatted(what, one.records(), one.commit()));
      }
      one.columns().forEach(column -> column(what, one, arenas.get(one.arena()), column));
      one.degrees().forEach(degree -> degree(what, one, degree));
    }
  }

  private void column(String what, ArenaEstimate one, Arena arena, ColumnEstimate column) {
    if (arena.column(column.key()) == null) {
      problems.accept(what + ": it has no column of key " + column.key());
    }
    long distinct = column.distinct();
    if (distinct < 0 || distinct > column.present() || column.present() > one.records()) {
      problems.accept(
          "%s: key %d has %d values, %d of them distinct, in %d records"
              .formatted(what, column.key(), column.present(), distinct, one.records()));
    }
  }

  private void degree(String what, ArenaEstimate one, DegreeEstimate degree) {
    boolean known = degree.type() >= 0 && degree.type() < snapshot.catalog().types().size();
    boolean fits = 64 - Long.numberOfLeadingZeros(degree.maximum()) == degree.histogram().size();
    if (!known || !fits || degree.sources() > one.records()) {
      problems.accept("%s: %s".formatted(what, degree));
    }
  }
}
