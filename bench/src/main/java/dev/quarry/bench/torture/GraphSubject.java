package dev.quarry.bench.torture;

import dev.quarry.bench.torture.GraphContent.Link;
import dev.quarry.bench.torture.GraphContent.Person;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.compact.Compaction;
import dev.quarry.graph.compact.Occupancy;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.graph.transaction.SchemaTarget;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.torture.History;
import dev.quarry.storage.torture.PageSubject;
import dev.quarry.storage.torture.Subject;
import dev.quarry.storage.torture.Victim;
import dev.quarry.storage.torture.Violation;
import dev.quarry.storage.torture.Workload;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.IntUnaryOperator;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A graph of numbered nodes. Its own steps: `f` deletes; `i` makes an index or drops it; `r` makes
/// a region or drops it; `g` makes a node in the last generation of its slot, as a repair may do,
/// and deletes it; `e` changes lists and spills pages under a cursor; `T` commits more than the log
/// takes; `R` rolls back what was spilled; `d` fills pages and `t` deletes most of what is in them;
/// `p` compacts, and `q` ends that after a few steps, without a checkpoint; `b` adds relationships
/// as a batch, which two threads enter; `m` makes many lists of one size, `w` adds so much to most
/// of them that they leave their pages, and `v` adds a little to half of them, which empties those
/// pages, all as batches; `l` loads CSV files; `s` begins a reader, which must go on seeing what it
/// saw, and `S` closes the oldest one.
///
/// What is read is compared with [GraphCheck] as well, and handles of nodes that were deleted must
/// stay dead, whoever has their slots now.
final class GraphSubject implements Subject {
  private static final int MANY = 3000;
  private static final int HUB = 1200;
  private static final int SOME = 60;
  private static final int BATCH = 120;
  private static final int LISTS = 128; // of 9 entries, in slots of which 64 are a page
  // A small segment of the log, and a checkpoint of what is dirty at most.
  private static final long HEADROOM = 512 << 10;

  /// The workloads, in the order of what they add.
  static List<Workload> workloads() {
    return List.of(
        of("graph", "o c c c k c x o c f x", 1),
        of("graph-index", "o i c c f c k c f i c x o f c i f c x", 1),
        of("graph-delete", "o c c c f c f k f c x o f f x", 1),
        of("graph-region", "o c r c r c k r c i r c c x o r c f r k c x", 2),
        new Workload(
            "graph-mixed",
            "o c i c c k c f r c z o c c f k f c x o f c x",
            () -> new GraphSubject(0),
            1),
        of("graph-killed", "o c i c z o c c k f z o c z o f x", 1),
        of("graph-generations", "o c c f g c k c f g c z o c f g c c x o c x", 1),
        of("graph-readers", "o s c c s f c s f S c k c s f f c S c f S k c c S c x", 1),
        of("graph-cursors", "o i c c e k e f c x o e c x", 30),
        of(
            "graph-compact",
            "o c d k s t p c S f k t p z o c d s t q c f q S c z o c k q p x o d t p x",
            2),
        new Workload(
            "graph-separate",
            "o c d k p c f d t p z o c d s q c f q S c z o c k q p x o d t p x",
            () -> new GraphSubject(0),
            2),
        of("graph-batch", "o c d b k b f z o s b t b S p b R x", 8),
        of("graph-sparse", "o i m w k s v f z o v S w v m k w v q p w v x o v x", 16),
        of("graph-load", "o i l c k z o s r l S f p l x", 8),
        of("graph-large", "o c T c f x o T c x", 30),
        of("graph-rollback", "o c R c R k c x", 30));
  }

  /// Graphs that are small enough for each of their bits.
  static List<Workload> small() {
    return List.of(of("graph-small", "o c x o i c c x", 1));
  }

  /// Graphs that are closed several times.
  static List<Workload> closing() {
    return List.of(of("graph-closing", "o c c x o c i c x o c f c x o c x", 1));
  }

  /// Small graphs for hostile hands, and who uses them.
  public static final class Hostile implements Supplier<Map<Workload, Victim>> {
    @Override
    public Map<Workload, Victim> get() {
      return Map.of(of("graph-hostile", "o c c i c k c f c x o c f c c x", 1), new GraphVictim());
    }
  }

  /// Small stores and graphs for hostile hands.
  public static final class AllHostile implements Supplier<Map<Workload, Victim>> {
    @Override
    public Map<Workload, Victim> get() {
      Map<Workload, Victim> all = new LinkedHashMap<>(new PageSubject.Hostile().get());
      all.putAll(new Hostile().get());
      return all;
    }
  }

  private static Workload of(String name, String script, int weight) {
    return new Workload(name, script, GraphSubject::new, weight);
  }

  private final int ownLists;
  private @Nullable GraphStore open;
  private @Nullable GraphStore last;
  private History history = new History();
  private GraphContent content = new GraphContent();
  private final Deque<OldReader> readers = new ArrayDeque<>();
  private final List<Node> deleted = new ArrayList<>();
  private final List<Node> dead = new ArrayList<>();
  private long pagesEmptied;

  private GraphSubject() {
    this(16);
  }

  /// @param ownLists how many kinds of an arena get lists of their own; the others share lists
  private GraphSubject(int ownLists) {
    this.ownLists = ownLists;
  }

  @Override
  public void open(SimDisk disk, History newHistory) {
    System.setProperty("quarry.ownLists", String.valueOf(ownLists));
    System.setProperty("quarry.leastFrozenBytes", "1"); // so that small graphs have runs, too
    System.setProperty("quarry.leastSavedBytes", "-65536"); // and dictionaries
    System.setProperty("quarry.leastSeparated", "1"); // and kinds that leave the mixed lists
    System.setProperty("quarry.fewestForTwo", "32"); // and small batches have two threads
    history = newHistory;
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(StoreOptions.LEAST_MEMORY)
            .withHeadroom(disk.bounded() ? HEADROOM : 0)
            .withNativeMemory(NativeSource.FOREIGN)
            .withDisk(disk);
    dead.clear();
    GraphStore graph = GraphStore.open(PATH, options);
    open = graph;
    last = graph;
    if (history.acknowledgedCount() < 0) {
      history.created(new History.State(0, new GraphContent()));
      return;
    }
    try {
      content = ((GraphContent) history.reopened(visible()).model()).copy();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// A reader, and what it saw when it began.
  private record OldReader(GraphSnapshot snapshot, long digest) {
    static OldReader begin(GraphStore graph) {
      GraphSnapshot snapshot = graph.beginRead();
      try {
        return new OldReader(snapshot, GraphContent.digest(snapshot));
      } catch (RuntimeException e) {
        snapshot.close();
        throw e;
      }
    }

    void ask() {
      if (GraphContent.digest(snapshot) != digest) {
        throw new Violation("what a reader of commit " + snapshot.commitNumber() + " sees changed");
      }
    }
  }

  private GraphStore graph() {
    GraphStore graph = open;
    if (graph == null) {
      throw new IllegalStateException("no graph is open");
    }
    return graph;
  }

  @Override
  public void step(char kind, Random random) {
    switch (kind) {
      case 'c' -> commit((tx, next) -> change(tx, next, random));
      case 'f' -> commit((tx, next) -> delete(tx, next, random));
      case 'r' -> commit((tx, next) -> flipRegion(tx, next, random));
      case 'i' -> commit(GraphSubject::flipIndex);
      case 'g' -> exhaust();
      case 'e' -> commit((tx, next) -> changeUnderACursor(tx, next, random));
      case 'T' -> commit((tx, next) -> many(tx, next, random));
      case 'R' -> rollBack(random);
      case 's' -> readers.add(OldReader.begin(graph()));
      case 'S' -> endReader();
      case 'd' -> commit((tx, next) -> some(tx, next, random));
      case 't' -> commit((tx, next) -> thin(tx, next, random));
      case 'b' -> commit((tx, next) -> batch(tx, next, random));
      case 'm' -> commit(GraphSubject::makeLists);
      case 'w' -> commit((tx, next) -> widen(tx, next, random));
      case 'v' -> emptyPages(random);
      case 'l' -> load(random);
      case 'p' -> compact(Integer.MAX_VALUE, random.nextBoolean());
      case 'q' -> compact(1 + random.nextInt(12), random.nextBoolean());
      case 'k' -> graph().store().checkpoint();
      default -> throw new IllegalArgumentException("no step " + kind);
    }
  }

  private void commit(BiConsumer<GraphTransaction, GraphContent> work) {
    GraphContent next = content.copy();
    deleted.clear();
    try (GraphTransaction tx = graph().beginWrite()) {
      create(tx, next, "counts commits");
      work.accept(tx, next);
      tries(next, tx::commit);
    }
    acknowledged(next);
    dead.addAll(deleted);
  }

  private void tries(GraphContent next, Runnable commit) {
    history.tries(new History.State(next.digest(), next));
    try {
      commit.run();
    } catch (RuntimeException e) {
      history.failed();
      throw e;
    }
  }

  private void acknowledged(GraphContent next) {
    content = next;
    history.acknowledged();
  }

  private void endReader() {
    OldReader oldest = readers.poll();
    if (oldest != null) {
      oldest.snapshot.close();
    }
  }

  private void rollBack(Random random) {
    try (GraphTransaction tx = graph().beginWrite()) {
      many(tx, content.copy(), random);
    }
  }

  /// The slot of a node that was deleted gets another node, in its last generation, and that is
  /// deleted as well: from now on nobody may have the slot, else the handles that are dead would be
  /// of the next node.
  private void exhaust() {
    long node = freeSlot();
    GraphContent next = content.copy();
    long number = next.next++;
    next.nodes.put(number, new Person(new TreeSet<>(Set.of("Person")), null));
    try (BulkTransaction tx = graph().beginBulk()) {
      tx.installNode(node, Slots.LAST_GENERATION);
      properties(number, null).forEach((key, value) -> tx.putNode(node, tx.key(key), value));
      tries(next, tx::commit);
    }
    acknowledged(next);
    commit(
        (tx, after) -> {
          tx.delete(find(tx, number));
          after.remove(number);
        });
  }

  /// What the next node will be.
  private long freeSlot() {
    try (BulkTransaction tx = graph().beginBulk()) {
      return tx.createNode(tx.arena(List.of("Person")));
    }
  }

  /// A cursor shows what there was when it was opened, whatever happens to its list and its pages.
  /// Where pages are to be spilled under it, the list must not change before: then the rest of it
  /// would have been noted. Where the list is to change, it is a tree, which changes in place.
  private static void changeUnderACursor(GraphTransaction tx, GraphContent next, Random random) {
    boolean spill = random.nextBoolean();
    long number = any(next, random);
    for (int i = 0; i < (spill ? 5 : HUB); i++) {
      link(tx, next, number, any(next, random), random);
    }
    List<Link> before = next.links.stream().filter(link -> link.from() == number).toList();
    List<Link> shown = new ArrayList<>();
    try (RelationshipCursor out = tx.relationships(find(tx, number), Direction.OUTGOING)) {
      while (out.next()) {
        shown.add(GraphContent.link(tx, number, out));
        if (spill && shown.size() == 1) {
          many(tx, next, random);
        } else if (shown.size() % 64 == 2) {
          tx.delete(out.relationship());
          next.links.remove(shown.getLast());
        } else if (shown.size() % 64 == 3) {
          link(tx, next, number, any(next, random), random);
        }
      }
    }
    if (!sorted(before).equals(sorted(shown))) {
      throw new Violation(
          "a cursor over %d relationships has shown %d, or others"
              .formatted(before.size(), shown.size()));
    }
  }

  private static List<String> sorted(List<Link> links) {
    return links.stream().map(Link::toString).sorted().toList();
  }

  /// Fills some pages of lists and texts.
  private static void some(GraphTransaction tx, GraphContent next, Random random) {
    for (int i = 0; i < SOME; i++) {
      create(tx, next, "text ".repeat(20 + random.nextInt(4)));
    }
    List<Long> all = new ArrayList<>(next.nodes.keySet());
    for (int i = 0; i < SOME; i++) {
      long from = all.get(random.nextInt(all.size()));
      for (int j = 0; j < 5; j++) {
        link(tx, next, from, all.get(random.nextInt(all.size())), random);
      }
    }
  }

  /// Adds relationships as a batch, many of them of one node.
  private static void batch(GraphTransaction tx, GraphContent next, Random random) {
    List<Long> numbers = new ArrayList<>(next.nodes.keySet());
    List<Node> nodes = numbers.stream().map(number -> find(tx, number)).toList();
    RelationshipBatch batch = tx.batch("KNOWS");
    for (int i = 0; i < BATCH; i++) {
      int from = random.nextInt(random.nextInt(4) == 0 ? 1 : nodes.size());
      int to = random.nextInt(nodes.size());
      batch.add(nodes.get(from), nodes.get(to));
      next.links.add(new Link(numbers.get(from), "KNOWS", numbers.get(to), 0));
    }
  }

  /// Makes nodes with as many relationships each.
  private static void makeLists(GraphTransaction tx, GraphContent next) {
    for (int i = 0; i < LISTS; i++) {
      create(tx, next, null);
    }
    addToLists(tx, next, list -> 9);
  }

  /// Adds as many to each of the newest nodes as a function says, as a batch.
  private static void addToLists(GraphTransaction tx, GraphContent next, IntUnaryOperator counts) {
    List<Long> numbers = List.copyOf(next.nodes.descendingMap().keySet());
    int lists = Math.min(LISTS, numbers.size());
    List<Node> nodes = numbers.stream().limit(lists).map(number -> find(tx, number)).toList();
    RelationshipBatch batch = tx.batch("KNOWS");
    for (int from = 0; from < lists; from++) {
      int count = counts.applyAsInt(from);
      for (int i = 1; i <= count; i++) {
        int to = (from + i) % lists;
        batch.add(nodes.get(from), nodes.get(to));
        next.links.add(new Link(numbers.get(from), "KNOWS", numbers.get(to), 0));
      }
    }
  }

  /// Of the lists that one page of slots holds, most leave it.
  private static void widen(GraphTransaction tx, GraphContent next, Random random) {
    int turn = random.nextInt(8);
    addToLists(tx, next, list -> (list + turn) % 8 < 5 ? 8 : 0);
  }

  /// Adds one to half of the lists, so that those in sparse pages leave these, and so do those
  /// beside them. That slots take fewer bytes then, though nothing was removed, says that they did.
  private void emptyPages(Random random) {
    long before = slotBytes();
    int turn = random.nextInt(2);
    commit((tx, next) -> addToLists(tx, next, list -> (list + turn) % 2));
    if (slotBytes() < before) {
      pagesEmptied++;
    }
  }

  private long slotBytes() {
    try (GraphSnapshot snapshot = graph().beginRead()) {
      return Occupancy.of(snapshot.pages(), snapshot.catalog()).slotBytes();
    }
  }

  private void load(Random random) {
    GraphContent next = content.copy();
    GraphLoad load = new GraphLoad(next, random);
    tries(next, () -> load.into(graph()));
    acknowledged(next);
  }

  /// Deletes most of what is there, so that pages are left with few that are in use.
  private void thin(GraphTransaction tx, GraphContent next, Random random) {
    for (long number : List.copyOf(next.nodes.keySet())) {
      if (next.nodes.size() > 20 && random.nextInt(4) > 0) {
        deleted.add(find(tx, number));
        tx.detachDelete(deleted.getLast());
        next.remove(number);
      }
    }
  }

  private void compact(int steps, boolean packs) {
    int[] left = {steps};
    Compaction.run(graph(), packs, Runnable::run, () -> left[0]-- == 0, Progress.NONE);
  }

  private static void many(GraphTransaction tx, GraphContent next, Random random) {
    String text = "many nodes with a text that needs a slot of its own ".repeat(6);
    for (int i = 0; i < MANY; i++) {
      create(tx, next, text + random.nextInt(1000));
    }
  }

  private static void change(GraphTransaction tx, GraphContent next, Random random) {
    for (int i = 0; i < 3; i++) {
      create(tx, next, random.nextBoolean() ? null : "text ".repeat(random.nextInt(12)));
    }
    for (int i = 0; i < 4; i++) {
      link(tx, next, random);
    }
    long number = any(next, random);
    Person old = next.nodes.get(number);
    TreeSet<String> labels = new TreeSet<>(old == null ? Set.of() : old.labels());
    Node node = find(tx, number);
    if (labels.remove("Extra")) {
      tx.removeLabel(node, "Extra");
    } else {
      labels.add("Extra");
      tx.addLabel(node, "Extra");
    }
    String text = "set " + random.nextInt();
    tx.setProperty(node, "text", text);
    next.nodes.put(number, new Person(labels, text));
  }

  private static void create(GraphTransaction tx, GraphContent next, @Nullable String text) {
    long number = next.next++;
    tx.createNode(Set.of("Person"), properties(number, text));
    next.nodes.put(number, new Person(new TreeSet<>(Set.of("Person")), text));
  }

  private static Map<String, Object> properties(long number, @Nullable String text) {
    Map<String, Object> properties = new TreeMap<>(Map.of("number", number));
    Object shape = GraphContent.shape(number);
    if (text != null) {
      properties.put("text", text);
    }
    if (shape != null) {
      properties.put("shape", shape);
    }
    return properties;
  }

  private static void link(GraphTransaction tx, GraphContent next, Random random) {
    link(tx, next, any(next, random), any(next, random), random);
  }

  private static void link(
      GraphTransaction tx, GraphContent next, long from, long to, Random random) {
    String type = random.nextBoolean() ? "KNOWS" : "LIKES";
    long number = random.nextBoolean() ? 0 : 1 + random.nextInt(1_000_000);
    tx.createRelationship(
        find(tx, from), type, find(tx, to), number == 0 ? Map.of() : Map.of("n", number));
    next.links.add(new Link(from, type, to, number));
  }

  private void delete(GraphTransaction tx, GraphContent next, Random random) {
    long number = any(next, random);
    deleted.add(find(tx, number));
    tx.detachDelete(deleted.getLast());
    next.remove(number);
    if (next.nodes.isEmpty()) {
      return;
    }
    Node node = find(tx, any(next, random));
    Relationship first = null;
    try (RelationshipCursor out = tx.relationships(node, Direction.OUTGOING)) {
      if (out.next()) {
        first = out.relationship();
      }
    }
    if (first != null) {
      Object n = tx.property(first, "n");
      long from = GraphContent.numberOf(tx, node);
      long to = GraphContent.numberOf(tx, tx.end(first));
      next.links.remove(new Link(from, tx.type(first), to, n instanceof Long value ? value : 0));
      tx.delete(first);
    }
  }

  private static void flipIndex(GraphTransaction tx, GraphContent next) {
    if (next.indexes.remove("numbers")) {
      tx.dropIndex("numbers", false);
    } else {
      tx.createIndex("numbers", SchemaTarget.nodes("Person", "number"), false);
      next.indexes.add("numbers");
    }
  }

  private void flipRegion(GraphTransaction tx, GraphContent next, Random random) {
    next.hasRegion = !next.hasRegion;
    if (!next.hasRegion) {
      next.tenants.forEach(number -> deleted.add(find(tx, number)));
      tx.dropRegion("tenant");
      List.copyOf(next.tenants).forEach(next::remove);
      return;
    }
    tx.createRegion("tenant");
    for (int i = 0; i < 3; i++) {
      long number = next.next++;
      tx.createNode("tenant", Set.of("Person"), properties(number, null));
      next.nodes.put(number, new Person(new TreeSet<>(Set.of("Person")), null));
      next.tenants.add(number);
    }
    for (int i = 0; i < 4; i++) {
      link(tx, next, random);
    }
  }

  private static long any(GraphContent next, Random random) {
    List<Long> all = new ArrayList<>(next.nodes.keySet());
    return all.get(random.nextInt(Math.min(all.size(), 40)));
  }

  private static Node find(GraphTransaction tx, long number) {
    return tx.findNode("Person", "number", number)
        .orElseThrow(
            () ->
                new CorruptPageException(
                    ErrorCode.STORE_DAMAGED, "node " + number + " is not found", null));
  }

  @Override
  public void append() {
    try (GraphTransaction tx = graph().beginWrite()) {
      tx.createNode(Set.of("Person"), properties(1L << 40, null));
      tx.commit();
    }
  }

  @Override
  public long visible() {
    readers.forEach(OldReader::ask);
    try (GraphSnapshot snapshot = graph().beginRead()) {
      long digest = GraphContent.digest(snapshot);
      dead.forEach(node -> ensureDead(snapshot, node));
      List<String> problems = GraphCheck.run(snapshot, Progress.NONE).problems();
      if (!problems.isEmpty()) {
        throw new CorruptPageException(ErrorCode.STORE_DAMAGED, "check: " + problems, null);
      }
      return digest;
    }
  }

  private static void ensureDead(GraphSnapshot snapshot, Node node) {
    try {
      snapshot.labels(node);
    } catch (GraphException gone) {
      return;
    }
    throw new Violation("the handle of a deleted node means another one: " + node);
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
    return open != null && open.store().isPoisoned();
  }

  @Override
  public void close() {
    GraphStore graph = graph();
    open = null;
    while (!readers.isEmpty()) {
      endReader();
    }
    graph.close();
  }

  @Override
  public long usedBytes() {
    return last == null ? 0 : last.store().budget().used();
  }

  @Override
  public Map<String, Long> coverage() {
    return pagesEmptied == 0 ? Map.of() : Map.of("batches that emptied sparse pages", pagesEmptied);
  }
}
