package dev.quarry.storage.torture;

import dev.quarry.storage.Commits;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.StoreStatistics;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.simulation.SimDisk;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A store of pages. Its own steps: `w` commits some pages of 64 KiB, so that the file grows; `f`
/// frees pages, `d` drops a space; `b` commits by checkpoint; `L` commits pages of ten times the
/// budget; `l` logs so much that segments of the log are soon full; `T` outgrows the log half-way;
/// `R` rolls back what was spilled; `g` logs three commits before one barrier; `D` commits a tenth
/// of the budget, so that a checkpoint is due after some, and `G` three of them before one barrier,
/// so that commits are logged behind one that begins a checkpoint. `s` begins a reader, which must
/// go on seeing what it saw, and `S` closes the oldest one, and then once more.
public final class PageSubject implements Subject {
  private static final int PAGE = 1 << 16;
  private static final long BUDGET = StoreOptions.LEAST_MEMORY;
  // A small segment of the log, and a checkpoint of what is dirty at most.
  private static final long HEADROOM = 512 << 10;
  private static final int GROUP = 3;
  private static final int PADDING = 150_000;

  /// What the commits of a group add to the log beside the usual, so that the first one in a log
  /// ends where a block of the disk does, and the second one lies in the first half of what is
  /// written: if that is cut short, it is whole where the next commit may end.
  private static final int[] TO_BLOCKS = {3_000, 0, 3_600};

  /// The workloads, in the order of what they add.
  public static List<Workload> workloads() {
    return List.of(
        of("creation", "o c c x o c x", 1),
        of("growth", "o c w c w w c x o w f c x", 2),
        of("checkpoint", "o c c k c d k c c c k f k c x", 1),
        of("group", "o g g k g c g x o g x", 1),
        of("blocks", "o p q z o x", 1),
        of("bulk", "o c b c b c b b x o b x", 1),
        of("reopening", "o c x o c c x o c k x o x o f c x", 1),
        of("rolling", "o l l l l l k l l k l c x o l l l k l z o l x", 4),
        of("killed", "o c c z o c k c z o w z o g z o b c z o x", 1),
        of("due", "o D D D c D G c x o D G z o c x", 6),
        of(
            "readers",
            "o s c s f S s k c S c k d c k s c b f S g s c S w k c S c z o s c s c S s k c S c k c x",
            1),
        of("outgrowing", "o c T c k T d x", 8),
        of("rollback", "o c R c R k c x", 8),
        of("large", "o c L c d c x", 40));
  }

  /// Stores that are small enough for each of their bits.
  public static List<Workload> small() {
    return List.of(of("small", "o c x o c c c x", 1));
  }

  /// Stores that are closed several times.
  public static List<Workload> closing() {
    return List.of(
        of("closing", "o c c x o c c x o c f c x o c x", 1),
        of("closing-wide", "o c w x o c w f x o c x", 1));
  }

  /// Small stores for hostile hands, and who uses them.
  public static final class Hostile implements Supplier<Map<Workload, Victim>> {
    @Override
    public Map<Workload, Victim> get() {
      Map<Workload, Victim> victims = new LinkedHashMap<>();
      victims.put(of("hostile", "o c c k c f c x o c c c x", 1), new PageVictim());
      victims.put(of("hostile-wide", "o c w k d c x o c w x", 1), new PageVictim());
      return victims;
    }
  }

  private static Workload of(String name, String script, int weight) {
    return new Workload(name, script, PageSubject::new, weight);
  }

  private @Nullable Store open;
  private @Nullable Store last;
  private History history = new History();
  private PageContent content = new PageContent();
  private @Nullable SimDisk disk;
  private final OldReaders readers = new OldReaders();

  @Override
  public void open(SimDisk on, History newHistory) {
    history = newHistory;
    disk = on;
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(BUDGET)
            .withNativeMemory(NativeSource.FOREIGN)
            .withHeadroom(on.bounded() ? HEADROOM : 0)
            .withDisk(on);
    Store store = Store.open(PATH, options, PageContent::replay);
    open = store;
    last = store;
    if (history.acknowledgedCount() < 0) {
      history.created(new History.State(0, new PageContent()));
      return;
    }
    try {
      content = ((PageContent) history.reopened(visible()).model()).copy();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private Store store() {
    Store store = open;
    if (store == null) {
      throw new IllegalStateException("no store is open");
    }
    return store;
  }

  @Override
  public void step(char kind, Random random) {
    switch (kind) {
      case 'c' -> commit(false, random, this::few);
      case 'w' -> commit(false, random, changes -> pages(changes, 6));
      case 'f' ->
          commit(
              false,
              random,
              changes -> {
                changes.tx.onlyRemoves(true);
                changes.content.free(store(), changes.tx, random);
              });
      case 'd' ->
          commit(
              false,
              random,
              changes -> {
                changes.tx.onlyRemoves(true);
                changes.content.drop(store(), changes.tx, random);
              });
      case 'b' -> commit(true, random, this::few);
      case 'L' -> commit(true, random, changes -> pages(changes, (int) (BUDGET * 10 / PAGE)));
      case 'l' -> commit(false, random, changes -> pad(changes));
      case 'D' -> commit(false, random, this::tenth);
      case 'G' -> group(random, this::tenth);
      case 's' -> readers.begin(store());
      case 'S' -> readers.endOldest();
      case 'T' -> commit(false, random, changes -> pages(changes, (int) (BUDGET / 4 / PAGE)));
      case 'R' -> rollBack(random);
      case 'k' -> store().checkpoint();
      case 'g' -> group(random, this::few);
      case 'p' -> group(random, toBlocks());
      case 'q' -> commit(false, random, changes -> few(changes, TO_BLOCKS[0]));
      default -> throw new IllegalArgumentException("no step " + kind);
    }
  }

  /// A transaction and the model of what it makes.
  private record Changes(PageTransaction tx, PageContent content, Random random) {}

  private void few(Changes changes) {
    for (int i = 0; i < 4; i++) {
      changes.content.change(store(), changes.tx, changes.random);
    }
  }

  private void few(Changes changes, int padding) {
    few(changes);
    if (padding > 0) {
      changes.content.pad(store(), changes.tx, padding);
    }
  }

  private Consumer<Changes> toBlocks() {
    PrimitiveIterator.OfInt paddings = IntStream.of(TO_BLOCKS).iterator();
    return changes -> few(changes, paddings.nextInt());
  }

  private void tenth(Changes changes) {
    pages(changes, (int) (BUDGET / 10 / PAGE));
  }

  private void pad(Changes changes) {
    changes.content.pad(store(), changes.tx, PADDING);
  }

  private void pages(Changes changes, int count) {
    int space = changes.content.create(store(), changes.tx, 16);
    for (int page = 0; page < count; page++) {
      changes.content.write(store(), changes.tx, space, page, changes.random.nextLong() | 1);
      changes.tx.spillPoint();
    }
  }

  private void commit(boolean bulk, Random random, Consumer<Changes> work) {
    Changes changes = change(begin(bulk), content, random, work);
    history.tries(new History.State(changes.content.digest(), changes.content));
    try {
      store().commit(changes.tx);
    } catch (RuntimeException e) {
      history.failed();
      throw e;
    }
    acknowledge(changes.content);
  }

  private PageTransaction begin(boolean bulk) {
    return bulk ? store().beginBulk() : store().beginWrite();
  }

  private Changes change(
      PageTransaction tx, PageContent base, Random random, Consumer<Changes> work) {
    Changes changes = new Changes(tx, base.copy(), random);
    try {
      changes.content.count(store(), tx);
      work.accept(changes);
      return changes;
    } catch (RuntimeException e) {
      store().rollback(tx);
      throw e;
    }
  }

  private void acknowledge(PageContent newContent) {
    content = newContent;
    history.acknowledged();
    if (disk != null) {
      disk.acknowledge(history.acknowledgedCount());
    }
  }

  private void group(Random random, Consumer<Changes> work) {
    PageContent base = content;
    List<Commits.Logged> logged = new ArrayList<>();
    List<PageContent> contents = new ArrayList<>();
    long first = 0;
    try {
      for (int i = 0; i < GROUP && (i == 0 || hasRoom()); i++) {
        PageTransaction tx = begin(false);
        first = i == 0 ? tx.commitNumber() : first;
        if (tx.commitNumber() != first + i) {
          store().rollback(tx); // those before it have failed already, in a checkpoint that was due
          break;
        }
        Changes changes = change(tx, base, random, work);
        history.tries(new History.State(changes.content.digest(), changes.content));
        logged.add(Commits.log(store(), changes.tx));
        contents.add(changes.content);
        base = changes.content;
      }
    } catch (RuntimeException e) {
      await(logged, contents);
      history.failed();
      throw e;
    }
    await(logged, contents);
  }

  /// Whether a writer need not wait for a checkpoint: here it would wait for itself.
  private boolean hasRoom() {
    StoreStatistics now = store().statistics();
    return now.frameBytes() - now.retiredBytes() <= BUDGET / 2;
  }

  private void await(List<Commits.Logged> logged, List<PageContent> contents) {
    RuntimeException failure = null;
    for (int i = 0; i < logged.size(); i++) {
      try {
        logged.get(i).await(); // also after one has failed: it may have begun a checkpoint
      } catch (RuntimeException e) {
        failure = failure == null ? e : failure;
        continue;
      }
      if (failure != null) {
        throw new Violation("a commit stands that builds on one that failed", failure);
      }
      acknowledge(contents.get(i));
    }
    if (failure != null) {
      history.failed();
      throw failure;
    }
  }

  private void rollBack(Random random) {
    Changes changes =
        change(begin(true), content, random, all -> pages(all, (int) (BUDGET / 2 / PAGE)));
    store().rollback(changes.tx);
  }

  @Override
  public void append() {
    PageTransaction tx = store().beginWrite();
    try {
      PageContent scratch = new PageContent();
      scratch.write(store(), tx, 0, 0, 1L << 40 | visible());
    } catch (RuntimeException e) {
      store().rollback(tx);
      throw e;
    }
    store().commit(tx);
  }

  @Override
  public long visible() {
    readers.ask();
    Snapshot snapshot = store().beginReadAgain();
    try {
      return PageContent.digest(snapshot);
    } finally {
      snapshot.leave(this); // for who looks next, at this version or another
    }
  }

  @Override
  public long expected() {
    return content.digest();
  }

  @Override
  public boolean isOpen() {
    return open != null;
  }

  @Override
  public boolean poisoned() {
    return open != null && open.isPoisoned();
  }

  @Override
  public void close() {
    Store store = store();
    open = null;
    readers.endAll();
    store.close();
  }

  @Override
  public long usedBytes() {
    return last == null ? 0 : last.budget().used();
  }
}
