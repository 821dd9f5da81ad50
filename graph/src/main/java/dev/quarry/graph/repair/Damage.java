package dev.quarry.graph.repair;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.check.SpaceNames;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.page.PageWalk;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.RunSpaces;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// Which spaces of a snapshot have pages that are damaged, found by a walk over all of them.
final class Damage {
  private static final int MOST = 100;

  private final BitSet spaces = new BitSet();
  private final List<String> first = new ArrayList<>();
  private long count;

  private Damage() {}

  static Damage of(GraphSnapshot snapshot, SpaceNames names, Steps steps) {
    Damage damage = new Damage();
    for (int space = 0; space < snapshot.pages().spaceCount(); space++) {
      int id = space;
      PageWalk.run(
          snapshot.pages(),
          space,
          new PageWalk.Visitor() {
            @Override
            public void page(long page, long address) {
              steps.page(0);
            }

            @Override
            public void damaged(CorruptPageException what, long firstPage, long pages) {
              damage.add(id, names.of(id) + ": " + what.getMessage());
            }
          });
    }
    return damage;
  }

  private void add(int space, String text) {
    spaces.set(space);
    count++;
    if (first.size() < MOST) {
      first.add(text);
    }
  }

  /// Damaged pages and nodes.
  long count() {
    return count;
  }

  /// The first of them, in words.
  List<String> first() {
    return first;
  }

  /// Whether all pages of a space are good.
  boolean spares(int space) {
    return !spaces.get(space);
  }

  /// Whether all that is needed to read some lists is good.
  boolean spares(ListSpaces lists) {
    return spares(lists.directory())
        && spares(lists.hubs())
        && spares(lists.slabs().small())
        && spares(lists.slabs().large())
        && (!lists.runs().exist() || spares(lists.runs()));
  }

  private boolean spares(RunSpaces runs) {
    return spares(runs.groups()) && spares(runs.ends()) && spares(runs.entries());
  }
}
