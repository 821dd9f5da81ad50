package dev.quarry.graph.transaction;

import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListWriter;

/// Enters a batch into the lists of a kind, in both directions: at once by two threads where that
/// pays and two may work, since nothing that one direction writes is read by the other.
///
/// ```text
/// caller        ─ sorts ─┬─ logs ─ some outgoing … ──┬─ may spill ─┬─ outgoing … ─┬─ may spill ─
/// other thread           └─ sorts ─ some incoming … ─┘             └─ incoming … ─┘
/// ```
///
/// Both write to places that are the same, whoever is faster: spaces, and what is taken in them,
/// are those of a direction, and pages are spilled only while one thread runs. Used by the writer's
/// thread.
final class BothDirections {
  /// Fewer relationships are entered by one thread. Tests set it to less.
  static volatile long fewest = Long.getLong("quarry.fewestForTwo", 4096);

  private static final long INSERTS = 4096; // between two points at which pages may be spilled
  private static final long LEAST_TOGETHER = 2048;
  private static final long MOST_TOGETHER = 1 << 16;

  // Of the budget, for an insert that changes a page of a directory, one of a slab, and takes
  // another one: so what two threads change between two such points is an eighth of it.
  private static final long BYTES_OF_BUDGET = 8 * 2 * 3 * 4096;

  private final PageTransaction pages;
  private final ListWriter out;
  private final ListWriter in;
  private final Runnable step;
  private long byTarget; // known to the other thread

  /// @param step runs now and then between two lists; pages may be spilled there
  BothDirections(PageTransaction pages, ListWriter out, ListWriter in, Runnable step) {
    this.pages = pages;
    this.out = out;
    this.in = in;
    this.step = step;
  }

  /// @param before runs first, in the caller's thread, perhaps while the other one sorts; it reads
  ///   the pairs by source, and changes no list
  void insert(BareBatch batch, Runnable before) {
    long count = batch.count();
    long together = Math.min(MOST_TOGETHER, pages.budgetBytes() / BYTES_OF_BUDGET);
    long bySource = batch.bySource();
    boolean atOnce = count >= fewest && together >= Math.min(fewest, LEAST_TOGETHER);
    if (!atOnce || !batch.reserveBoth()) {
      before.run();
      insert(out, bySource, count);
      insert(in, batch.byTarget(), count);
      return;
    }
    for (long done = 0; done < count; done += together) {
      long first = done;
      long some = Math.min(together, count - done);
      pages.beside(
          () -> {
            if (first == 0) {
              before.run();
              out.expect(count);
            }
            out.insertSorted(bySource + first * 8, some);
          },
          () -> {
            if (first == 0) {
              byTarget = batch.turned();
              in.expect(count);
            }
            in.insertSorted(byTarget + first * 8, some);
          });
      step.run();
    }
  }

  private void insert(ListWriter lists, long inserts, long count) {
    lists.expect(count);
    for (long done = 0; done < count; done += INSERTS) {
      lists.insertSorted(inserts + done * 8, Math.min(INSERTS, count - done));
      step.run();
    }
  }
}
