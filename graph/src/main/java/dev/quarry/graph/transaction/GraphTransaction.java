package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.Handles;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipBatch;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.ListKind;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.record.Ends;
import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.PendingCommit;
import dev.quarry.storage.Store;
import dev.quarry.storage.arena.Slots;
import dev.quarry.storage.arena.SlotsWriter;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.Lists;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// A write transaction: chooses what a change needs, logs it, and installs it.
///
/// What is asked for is checked before anything changes. If a change fails half-way, as over
/// budget, the transaction is *doomed*: only [#rollback()] is left. Used by one thread at a time.
public final class GraphTransaction extends Reading implements GraphWriter, AutoCloseable {
  private final Store store;
  private final PageTransaction pages;
  private final Changes changes;
  private final LoggedChanges logged;
  private final BareEdits edits = new BareEdits();
  private final OpenCursors cursors = new OpenCursors();
  private Map<Long, Long> listChanges = Map.of(); // in check mode only
  private final BareBatches waiting;
  private boolean ended;
  private @Nullable Deletions deletions; // once there are some
  private boolean changed;
  private long steps;
  private @Nullable Throwable doom;
  private @Nullable PartRecords parts; // where several share it

  GraphTransaction(Store store, PageTransaction pages, Handles handles, Scratch scratch) {
    super(pages, handles, scratch);
    this.store = store;
    this.pages = pages;
    this.changes = new Changes(pages, scratch);
    this.logged = new LoggedChanges(store, pages, changes);
    this.waiting = new BareBatches(scratch, mostWaiting(store.options().memoryBytes()));
  }

  /// A sixteenth of the budget, at 16 bytes each.
  private static long mostWaiting(long memoryBytes) {
    return Math.min(BareBatches.MOST, memoryBytes / 256);
  }

  @Override
  public Catalog catalog() {
    return changes.catalog();
  }

  @Override
  UnwrittenCounts unwritten() {
    return changes.counters().unwritten();
  }

  @Override
  Lists lists(ListKind kind) {
    return changes.writer(kind).lists();
  }

  @Override
  BareEdits edits() {
    return edits;
  }

  @Override
  public boolean mayHaveDeleted() {
    return deletions != null;
  }

  @Override
  void opened(IndexSeek seek, IndexDefinition index) {
    changes.indexing().opened(seek, index);
  }

  @Override
  void ended(IndexSeek seek, IndexDefinition index) {
    changes.indexing().ended(seek, index);
  }

  @Override
  void opened(RelationshipWalk walk) {
    cursors.opened(walk);
  }

  @Override
  void ended(RelationshipWalk walk) {
    cursors.ended(walk);
  }

  @Override
  void openedNodes() {
    cursors.openedNodes();
  }

  @Override
  void endedNodes() {
    cursors.endedNodes();
  }

  @Override
  long listChanges(long node) {
    return listChanges.getOrDefault(node, 0L);
  }

  @Override
  boolean isLive(long node, int generation) {
    return super.isLive(node, generation) && !isLeaving(node);
  }

  @Override
  boolean isLeaving(long node) {
    return deletions != null && deletions.isLeaving(node);
  }

  /// Whether some node counts as deleted and is still there.
  boolean isAnyLeaving() {
    return deletions != null && deletions.isAnyLeaving();
  }

  @Override
  public Node createNode(Set<String> labels, Map<String, ?> properties) {
    return createNode(0, labels, properties);
  }

  @Override
  public Node createNode(String region, Set<String> labels, Map<String, ?> properties) {
    ensureWritable();
    return createNode(regionOf(region), labels, properties);
  }

  private Node createNode(int region, Set<String> labels, Map<String, ?> properties) {
    ensureWritable();
    Map<String, Object> values = canonical(properties);
    return change(
        () -> {
          int arena = logged.home(region, labels);
          SlotsWriter slots = changes.writer(false, arena).slots();
          long slot = cursors.walkNodes() ? slots.takeNew(1) : slots.take();
          long id = Ids.node(arena, slot);
          int generation = slots.slots().generation(slot);
          logged.createNode(id, generation);
          values.forEach((key, value) -> logged.putNode(id, key, value));
          return handles().node(id, generation);
        });
  }

  @Override
  public Relationship createRelationship(
      Node start, String type, Node end, Map<String, ?> properties) {
    ensureWritable();
    long source = existing(start);
    long target = existing(end);
    Map<String, Object> values = canonical(properties);
    return change(
        () -> {
          int token = logged.type(type);
          boolean bare = values.isEmpty() && !edits.hasDeleted(token);
          long slot = bare ? -1 : logged.takeRow(token, source);
          int generation = slot < 0 ? 0 : logged.generationOf(token, slot);
          long ordinal = slot < 0 ? nextOrdinal(source, token, target) : 0;
          beforeListsChange(source, target);
          logged.createRelationship(source, token, target, slot, generation);
          values.forEach((key, value) -> logged.putRow(token, slot, key, value));
          RelationshipIdentity identity =
              slot >= 0
                  ? rowIdentity(token, slot, generation)
                  : new RelationshipIdentity.Bare(
                      token,
                      source,
                      handles().generation(start),
                      target,
                      handles().generation(end),
                      ordinal);
          return handles().relationship(identity);
        });
  }

  @Override
  public RelationshipBatch batch(String type) {
    ensureWritable();
    CatalogBuilder.ensureName(type, "relationship types");
    return new BareInserts(this, type);
  }

  /// The token of a type of relationships, made if there is none.
  int token(String type) {
    return change(() -> logged.type(type));
  }

  /// The slots of an arena of nodes; null if there is none.
  @Nullable Slots slots(int arena) {
    return arena < catalog().arenas().size() ? nodeReader(arena).slots() : null;
  }

  /// How many steps have changed something so far, see [#change], or what may be done.
  long steps() {
    return steps;
  }

  /// Whether a relationship without properties may be entered later: one that could be taken for
  /// one that this transaction deleted needs a row, see [BareEdits].
  boolean mayWait(int type, long source, long target) {
    return !edits.hasDeleted(type) && BareBatches.takes(source, target);
  }

  /// The batch in which the last relationship that was put off waits, if it is of this kind and
  /// others of its arenas can wait there.
  @Nullable BareBatch waits(long source, int type, long target) {
    return edits.hasDeleted(type) ? null : waiting.last(source, type, target);
  }

  /// Notes a relationship that is entered later, of the kind of a batch that waits.
  void putOff(BareBatch batch, long sourceSlot, long targetSlot) {
    waiting.add(batch, sourceSlot, targetSlot);
    if (waiting.isFull()) {
      enterWaiting();
    }
  }

  /// Notes a relationship that is entered later.
  void putOff(long source, int type, long target) {
    changed = true;
    waiting.add(source, type, target);
    if (waiting.isFull()) {
      enterWaiting();
    }
  }

  /// Enters what was put off.
  private void enterWaiting() {
    change(
        () -> {
          cursors.beforeSpill(); // lists of any node change
          logged.linkAll(waiting, this::spillPoint);
          return waiting;
        });
  }

  @Override
  public void setProperty(Node node, String key, @Nullable Object value) {
    ensureWritable();
    long id = existing(node);
    Object canonical = checked(value);
    change(
        () -> {
          logged.putNode(id, key, canonical);
          return id;
        });
  }

  @Override
  public void setProperty(Relationship relationship, String key, @Nullable Object value) {
    ensureWritable();
    RelationshipIdentity identity = existing(relationship);
    Object canonical = checked(value);
    int type = typeOf(identity);
    long known = row(identity);
    if (known < 0 && canonical == null) {
      return;
    }
    change(
        () -> {
          long row =
              identity instanceof RelationshipIdentity.Bare bare && known < 0
                  ? promote(bare)
                  : known;
          logged.putRow(type, row, key, canonical);
          return row;
        });
  }

  /// Gives a bare relationship a row.
  private long promote(RelationshipIdentity.Bare bare) {
    if (bare.ordinal() > Ends.MOST_ORIGIN) {
      throw new GraphException(
          ErrorCode.INVALID_VALUE,
          "relationship "
              + bare.elementId()
              + " is one of more than "
              + Ends.MOST_ORIGIN
              + " without properties between the same nodes, and cannot get one",
          "create relationships that are to have properties with them");
    }
    int type = bare.type();
    beforeListsChange(bare.source(), bare.target());
    long slot = logged.promote(bare.source(), type, bare.target(), bare.ordinal());
    edits.promoted(type, bare.source(), bare.target(), bare.ordinal());
    return slot;
  }

  /// The lists of two nodes are about to change.
  void beforeListsChange(long source, long target) {
    cursors.beforeChange(source, target);
    assert countChange(source) && countChange(target);
  }

  private boolean countChange(long node) {
    if (listChanges.isEmpty()) {
      listChanges = new HashMap<>();
    }
    listChanges.merge(node, 1L, Long::sum);
    return true;
  }

  /// The ordinal of the next bare relationship of a kind.
  private long nextOrdinal(long source, int type, long target) {
    long index = bareEquals(source, type, target);
    return edits.isEmpty() && !remembers(type)
        ? index
        : new Remembered(this, source, true).ordinal(type, target, index, edits.stamp());
  }

  @Override
  public void addLabel(Node node, String label) {
    ensureWritable();
    long id = existing(node);
    change(
        () -> {
          label(id, logged.label(label), true);
          return id;
        });
  }

  @Override
  public void removeLabel(Node node, String label) {
    ensureWritable();
    long id = existing(node);
    int token = catalog().label(label);
    if (token >= 0) {
      change(
          () -> {
            label(id, token, false);
            return id;
          });
    }
  }

  @Override
  public void delete(Node node) {
    ensureWritable();
    if (exists(node)) {
      deletions().delete(node);
    }
  }

  /// Deletes a node now if it has no relationships; else it counts as deleted from now on, and
  /// [#endStatement()] looks whether they are gone by then (rule S6).
  public void deleteByEndOfStatement(Node node) {
    ensureWritable();
    if (exists(node)) {
      deletions().deleteByEndOfStatement(node);
    }
  }

  private Deletions deletions() {
    Deletions known = deletions;
    if (known == null) {
      known = new Deletions(this, logged, edits);
      deletions = known;
    }
    return known;
  }

  /// Ends a statement: what it deleted must not have relationships any more, and what it changed
  /// must satisfy all constraints.
  ///
  /// @throws GraphException if that is not so; only rolling back is left then
  public void endStatement() {
    ensureWritable();
    if (deletions != null) {
      deletions.endStatement();
    }
    verifyConstraints();
  }

  private void verifyConstraints() {
    changes.indexing().touched().verify(new ConstraintCheck(this));
  }

  /// Whether anything was changed so far.
  public boolean hasChanged() {
    return changed;
  }

  @Override
  public void createRegion(String name) {
    ensureWritable();
    CatalogBuilder.ensureName(name, "regions");
    if (catalog().regions().named(name) >= 0) {
      throw new GraphException(
          ErrorCode.REGION_EXISTS,
          "there is a region `" + name + "` already",
          "use it, or choose another name");
    }
    int number = catalog().regions().free();
    change(
        () -> {
          logged.addRegion(number, name);
          return number;
        });
  }

  @Override
  public void dropRegion(String name) {
    ensureWritable();
    int region = regionOf(name);
    Deletions dropping = deletions();
    change(
        () -> {
          cursors.beforeSpill();
          dropping.drop(region);
          logged.dropRegion(region);
          return region;
        });
  }

  private int regionOf(String name) {
    int region = catalog().regions().named(name);
    if (region < 0) {
      throw new GraphException(
          ErrorCode.REGION_NOT_FOUND,
          "there is no region `" + name + "`",
          "make it with createRegion, or see regions() for those that there are");
    }
    return region;
  }

  /// Gives what long work on the schema calls now and then; it ends the work by throwing.
  public void checkBy(Runnable check) {
    changes.indexing().checkBy(check);
  }

  /// Makes an index over what there is and what will be.
  ///
  /// @param name null for a made-up one
  /// @param ifNotExists whether it is fine that there is one of that name, or over the same
  /// @return whether it was made
  public boolean createIndex(@Nullable String name, SchemaTarget target, boolean ifNotExists) {
    ensureWritable();
    cursors.beforeSpill();
    return schema().createIndex(name, target, ifNotExists);
  }

  /// Makes a constraint, after a check of all that is there.
  ///
  /// @param name null for a made-up one
  /// @param types of [ConstraintKind#TYPE]: of which a value must have one; else empty
  /// @param ifNotExists whether it is fine that there is one of that name, or the same
  /// @return whether it was made
  /// @throws GraphException if the graph violates it; only rolling back is left then
  public boolean createConstraint(
      @Nullable String name,
      SchemaTarget target,
      ConstraintKind kind,
      List<PropertyType> types,
      boolean ifNotExists) {
    ensureWritable();
    cursors.beforeSpill();
    return schema().createConstraint(name, target, kind, types, ifNotExists);
  }

  /// Drops an index that no constraint needs.
  ///
  /// @param ifExists whether it is fine that there is none
  /// @return whether there was one
  public boolean dropIndex(String name, boolean ifExists) {
    ensureWritable();
    return schema().dropIndex(name, ifExists);
  }

  /// Drops a constraint, with the index that it owns.
  ///
  /// @param ifExists whether it is fine that there is none
  /// @return whether there was one
  public boolean dropConstraint(String name, boolean ifExists) {
    ensureWritable();
    return schema().dropConstraint(name, ifExists);
  }

  private SchemaStatements schema() {
    return new SchemaStatements(this, logged, changes.indexing().check());
  }

  @Override
  public void delete(Relationship relationship) {
    ensureWritable();
    if (exists(relationship)) {
      deletions().delete(relationship);
    }
  }

  @Override
  public void detachDelete(Node node) {
    detach(node, () -> {});
  }

  /// Deletes a node and its relationships, also a node that only waits for them to be gone.
  ///
  /// @param each runs before each relationship is deleted; what it throws ends the work
  /// @return how many relationships there were
  public long detach(Node node, Runnable each) {
    ensureWritable();
    boolean waits = deletions != null && deletions.stopsLeaving(node);
    return waits || exists(node) ? deletions().detach(node, each) : 0;
  }

  /// From now on the transaction is made of parts, which change it one after the other: each ends
  /// by [#endPart()], or is taken back alone, see [GraphStore#takeBackPart].
  public void beginParts() {
    if (store.logs()) {
      parts = new PartRecords();
      logged.keep(parts);
    }
  }

  /// Ends a part: what it changed satisfies all constraints, and its cursors and sets are closed.
  ///
  /// @throws GraphException if a constraint is violated; the part can only be taken back then
  public void endPart() {
    ensureWritable();
    verifyConstraints();
    closeWalks();
    cursors.close();
    changed = false;
    steps++;
    if (parts != null) {
      parts.endPart();
    }
  }

  /// Whether another part may follow those that have ended. None does once the transaction is large
  /// for what several share, or has deleted something: ordinals of equal relationships stay what
  /// they were until it ends, and the next one is to see them counted anew.
  public boolean takesParts() {
    return parts != null
        && !ended
        && doom == null
        && deletions == null
        && edits.isEmpty()
        && !parts.isFull()
        && store.logs()
        && !pages.spilled()
        && pages.privateBytes() < pages.budgetBytes() / 64;
  }

  /// Ends the transaction, and begins another one on the same commit that has done what the parts
  /// did that have ended.
  ///
  /// @param fresh for the new one
  GraphTransaction withoutPart(Scratch fresh) {
    end();
    closeMemory();
    GraphTransaction again;
    try {
      again = new GraphTransaction(store, store.restart(pages), handles(), fresh);
    } catch (RuntimeException | Error e) {
      fresh.close();
      throw e;
    }
    try {
      again.repeat(parts == null ? List.of() : parts.ofEnded());
      return again;
    } catch (RuntimeException | Error e) {
      again.rollback();
      throw e;
    }
  }

  private void repeat(List<byte[]> records) {
    change(
        () -> {
          logged.repeat(records, waiting);
          return records;
        });
  }

  /// Makes rolling back the only thing left, as after a statement that failed (rule S8).
  public void doom(Throwable cause) {
    steps++;
    if (doom == null) {
      doom = cause;
    }
  }

  /// Commits: durable and visible on return.
  ///
  /// @return the number of the commit
  /// @throws GraphException if a constraint is violated; then all was rolled back
  public long commit() {
    completeChanges();
    try {
      return store.commit(pages);
    } finally {
      closeMemory();
    }
  }

  /// Commits as far as the log: later transactions build on this one, and whoever needs to know
  /// that it is durable waits for what is returned.
  ///
  /// @throws GraphException if a constraint is violated; then all was rolled back
  public PendingCommit commitLater() {
    completeChanges();
    try {
      return store.commitLater(pages);
    } finally {
      closeMemory();
    }
  }

  /// Ends the transaction: all is logged that is to be committed, or rolled back if that fails.
  private void completeChanges() {
    ensureWritable();
    try {
      verifyConstraints();
    } catch (RuntimeException | Error e) {
      rollback();
      throw e;
    }
    end();
    try {
      if (changes.any()) {
        logged.sweep();
        logged.end();
        changes.finish(!byCheckpoint());
      }
    } catch (RuntimeException | Error e) {
      store.rollback(pages);
      closeMemory();
      throw e;
    }
    pages.onlyRemoves(!logged.adds());
  }

  /// Whether the commit writes the pages as they are.
  private boolean byCheckpoint() {
    return !store.inMemory() && (!store.logs() || pages.spilled());
  }

  /// Throws all changes away. Idempotent.
  public void rollback() {
    if (!ended) {
      end();
      closeMemory();
      store.rollback(pages);
    }
  }

  private void end() {
    ended = true;
    steps++;
  }

  private void closeMemory() {
    closeWalks();
    cursors.close();
    waiting.close();
    scratch().close();
  }

  /// Rolls back, unless it was committed.
  @Override
  public void close() {
    rollback();
  }

  @Override
  public void ensureOpen() {
    if (ended) {
      throw new TransactionException(
          ErrorCode.TRANSACTION_CLOSED, "this write transaction is over", "begin a new one");
    }
  }

  /// Raises a typed error once the transaction is over or doomed; else enters what was put off,
  /// since whoever asks is about to change something or to end.
  public void ensureWritable() {
    ensureUsable();
    if (!waiting.isEmpty()) {
      enterWaiting();
    }
  }

  /// Raises a typed error once the transaction is over or doomed.
  void ensureUsable() {
    ensureOpen();
    Throwable cause = doom;
    if (cause != null) {
      throw new TransactionException(
          ErrorCode.TRANSACTION_DOOMED,
          "this transaction failed before: " + cause.getMessage(),
          "roll it back and begin a new one",
          cause);
    }
  }

  /// What [#change] runs.
  interface Step<T> {
    T run();
  }

  /// Runs a change; if it fails, nobody knows how much of it was done.
  <T> T change(Step<T> step) {
    changed = true;
    steps++;
    try {
      T result = step.run();
      spillPoint();
      return result;
    } catch (RuntimeException | Error e) {
      doom = e;
      throw e;
    }
  }

  private void spillPoint() {
    if (pages.large()) {
      cursors.beforeSpill();
    }
    pages.spillPoint();
  }

  private void label(long id, int label, boolean wanted) {
    if (hasLabel(id, label) != wanted) {
      logged.putLabel(id, label, wanted);
    }
  }

  private static Map<String, Object> canonical(Map<String, ?> properties) {
    if (properties.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> values = new TreeMap<>();
    properties.forEach(
        (key, value) -> {
          Object checked = checked(value);
          if (checked != null) {
            values.put(key, checked);
          }
        });
    return values;
  }

  private static @Nullable Object checked(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    Object canonical = ValueCodec.canonical(value);
    ValueCodec.tagOf(canonical);
    for (Object part : canonical instanceof List<?> list ? list : List.of(canonical)) {
      if (part instanceof String text) {
        ValueCodec.utf8(text);
      }
    }
    return canonical;
  }
}
