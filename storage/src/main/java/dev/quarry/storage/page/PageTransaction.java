package dev.quarry.storage.page;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.schedule.Beside;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The next version in the making: copies what it changes, and nobody else sees it.
///
/// A page is copied into a private frame at its first change, its nodes along the path likewise.
/// Until [#next()] is published all of it can be thrown away by [#abandon()]. Addresses that
/// [#writable] gave are valid until the next [#spillPoint()], where a transaction that holds too
/// many frames writes them to free places of the file.
///
/// Invariant: an entry whose birth is this transaction's is private to it. Used by one thread at a
/// time, the writer's.
public final class PageTransaction extends PageReader {
  private static final int PAGE_BITS = 40;
  static final int REPLACED = 4; // words of what was replaced
  private static final int RETIRED_TOGETHER = 64;

  private final Version base;
  private final long birth;
  private final long spillBytes;
  private final IntSupplier threads;
  private @Nullable Space[] spaces;
  private final KnownLeaves leaves;
  private final List<Space> dropped;
  private @Nullable Object attachment;
  private boolean onlyRemoves;
  private int holds;
  private int spills;
  private final LongStack spilledPages = new LongStack();
  private final Part whole = new Part();
  private @Nullable Part other; // of the other thread, once there was one
  private volatile @Nullable Thread otherThread;

  /// For one thread.
  ///
  /// @param spillBytes how many bytes of private frames it may hold before it spills
  public PageTransaction(Version base, Frames frames, @Nullable PageFile file, long spillBytes) {
    this(base, frames, file, spillBytes, () -> 1);
  }

  /// @param spillBytes how many bytes of private frames it may hold before it spills
  /// @param threads the most that may work on it at once; asked when there is work for two, since
  ///   the answer may take a system call
  public PageTransaction(
      Version base, Frames frames, @Nullable PageFile file, long spillBytes, IntSupplier threads) {
    super(new NodeReader(frames, file));
    this.base = base;
    this.birth = base.epoch() + 1;
    this.spillBytes = spillBytes;
    this.threads = threads;
    this.spaces = base.copySpaces();
    this.leaves = new KnownLeaves(spaces.length);
    this.dropped = new ArrayList<>(base.dropped());
    this.attachment = base.attachment();
  }

  @Override
  public long commitNumber() {
    return base.commitNumber();
  }

  @Override
  public @Nullable Object attachment() {
    return attachment;
  }

  @Override
  public int spaceCount() {
    return spaces.length;
  }

  /// What the layer above wants to find at the version that this becomes.
  public void attach(@Nullable Object newAttachment) {
    attachment = newAttachment;
    whole.dirty = true;
  }

  /// Whether anything was written.
  public boolean dirty() {
    return whole.dirty;
  }

  /// Says whether the transaction adds nothing to what is stored, so that it may use the space that
  /// is kept for a full disk.
  public void onlyRemoves(boolean removes) {
    onlyRemoves = removes;
  }

  /// Whether the transaction adds nothing; false unless somebody said so.
  public boolean onlyRemoves() {
    return onlyRemoves;
  }

  /// Whether pages were spilled, so that only a checkpoint can commit this.
  public boolean spilled() {
    return !spilledPages.isEmpty();
  }

  /// Bytes in private frames.
  public long privateBytes() {
    return whole.privateBytes;
  }

  /// The budget of the store, in bytes.
  public long budgetBytes() {
    return frames.budgetBytes();
  }

  /// The version it began on.
  public Version base() {
    return base;
  }

  /// The private frame of a page: a copy of it, or zeros where it was absent.
  public long writable(int space, long page) {
    Space target = ownSpace(space);
    ensurePossible(space, page);
    Node leaf = ownLeaf(target, page);
    int i = (int) page & 255;
    long entry = leaf.entries[i];
    if (Node.isFrame(entry) && leaf.birth(i) == birth) {
      leaf.forgetLines(i);
      return Node.address(entry);
    }
    return copyOf(target, leaf, page);
  }

  private long copyOf(Space target, Node leaf, long page) {
    int i = (int) page & 255;
    long entry = leaf.entries[i];
    int bytes = target.pageBytes();
    long source = entry == 0 ? 0 : resolve(target, leaf, page); // which may be damaged
    long frame = frames.allocate(bytes, entry == 0);
    if (entry != 0) {
      Memory.copy(source, frame, bytes);
    }
    own(target, leaf, page, frame);
    return frame;
  }

  private void own(Space target, Node leaf, long page, long frame) {
    int i = (int) page & 255;
    letGo(target, leaf, page);
    leaf.setFrame(i, frame, birth);
    target.cover(page);
    Part part = part();
    part.privateBytes += target.pageBytes();
    part.privatePages.push(id(target, page));
    part.dirty = true;
  }

  /// What the calling thread changes.
  private Part part() {
    return otherThread == null || otherThread != Thread.currentThread()
        ? whole
        : Objects.requireNonNull(other);
  }

  /// Runs two pieces of work at once, the second in another thread, see [Beside]; one after the
  /// other where one thread is all that may work. They may read pages and make them writable, each
  /// those of spaces that the other leaves alone. Neither makes or drops a space, comes to a spill
  /// point, or ends this.
  public void beside(Runnable here, Runnable there) {
    if (threads.getAsInt() < 2) {
      here.run();
      there.run();
      return;
    }
    Part apart = new Part();
    other = apart;
    try {
      Beside.run("quarry-write", here, () -> inOtherThread(there));
    } finally {
      whole.join(apart);
    }
  }

  private void inOtherThread(Runnable work) {
    otherThread = Thread.currentThread();
    try {
      work.run();
      Memory.awaitFaults(); // since they are this thread's
    } finally {
      otherThread = null;
    }
  }

  /// The same for many pages, for who changes nothing but some lines of them. Where the frame that
  /// a page had before is left, and nobody sees it, that is taken, and only what was changed since
  /// is copied, see [Twins].
  ///
  /// @param writes its lines are all that is changed until the transaction ends, unless others are
  ///   named by another call
  public void writableLines(int space, LineWrites writes) {
    Space target = ownSpace(space);
    for (int k = 0; k < writes.count(); k++) {
      ensurePossible(space, writes.page(k));
      find(ownLeaf(target, writes.page(k)), target.pageBytes(), writes, k);
    }
    frames.takeTwins(writes);
    for (int k = 0; k < writes.count(); k++) {
      if (writes.hasTwin(k)) {
        Node leaf = ownLeaf(target, writes.page(k));
        own(target, leaf, writes.page(k), writes.frame(k));
        leaf.lines((int) writes.page(k) & 255, writes.lines(k));
      }
    }
    Sched.point(Point.REUSE);
    for (int k = 0; k < writes.count(); k++) {
      if (writes.hasTwin(k)) {
        writes.update(k);
      } else if (writes.frame(k) == 0) {
        Node leaf = ownLeaf(target, writes.page(k));
        long frame = copyOf(target, leaf, writes.page(k));
        if (writes.replaced(k) != 0) {
          leaf.lines((int) writes.page(k) & 255, writes.lines(k));
        }
        writes.frame(k, frame);
      }
    }
  }

  /// Looks what a page has: a private frame, one that may have a twin, or something else.
  private void find(Node leaf, int pageBytes, LineWrites writes, int k) {
    int i = (int) writes.page(k) & 255;
    long entry = leaf.entries[i];
    writes.frame(k, 0);
    writes.replaced(k, 0);
    if (Node.isFrame(entry) && leaf.birth(i) == birth) {
      long before = leaf.lines(i);
      if (before != 0) {
        leaf.lines(i, before | writes.lines(k));
      }
      writes.frame(k, Node.address(entry));
    } else if (Node.isFrame(entry) && pageBytes == Twins.PAGE_BYTES) {
      writes.replaced(k, Node.address(entry));
    }
  }

  private static long id(Space space, long page) {
    return (long) space.id() << PAGE_BITS | page;
  }

  /// The frame of a page, to change bytes that no version ever showed, as those behind the end of a
  /// list: the page's own frame if it is open, else as [#writable].
  public long writableUnseen(int space, long page) {
    long frame = openFrame(existing(space), page, false);
    return frame != 0 ? frame : writable(space, page);
  }

  /// The same for bytes that are free in the version that this began on. A reader of an older one
  /// may still see them as they were when they were used.
  public long writableFree(int space, long page) {
    long frame = openFrame(existing(space), page, true);
    return frame != 0 ? frame : writable(space, page);
  }

  /// The private frame of a page that is absent. Its bytes may be anything: the caller writes all
  /// of them before the commit.
  public long writableUnset(int space, long page) {
    Space target = ownSpace(space);
    ensurePossible(space, page);
    Node leaf = ownLeaf(target, page);
    if (leaf.entries[(int) page & 255] != 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d of space %d, which has %d, is new, and its page table has one there"
              .formatted(page, space, target.pageCount()),
          "run `quarry check`");
    }
    long frame = frames.allocate(target.pageBytes(), false);
    own(target, leaf, page, frame);
    return frame;
  }

  /// The frame of a page if it may be written in place: born after the last seal, so that no
  /// checkpoint writes it, and in an older version, if that matters, seen by nobody; else 0.
  private long openFrame(Space space, long page, boolean olderMatter) {
    Node leaf = leaf(space, page);
    int i = (int) page & 255;
    if (leaf == null || !Node.isFrame(leaf.entries[i])) {
      return 0;
    }
    long born = leaf.birth(i);
    boolean open =
        born == birth || frames.isOpen(born) && !(olderMatter && frames.anyoneSees(born, base));
    assert leaf.lines(i) == 0 : "a page is changed by lines, and in place";
    return open ? Node.address(leaf.entries[i]) : 0;
  }

  private static void ensurePossible(int space, long page) {
    if (page >>> PAGE_BITS != 0) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "page %d of space %d is to be written, there can be 2^%d"
              .formatted(page, space, PAGE_BITS),
          "run `quarry check`");
    }
  }

  /// Makes a page absent.
  public void free(int space, long page) {
    Space target = ownSpace(space);
    if (page < 0 || page >= target.pageCount()) {
      return;
    }
    Node leaf = ownLeaf(target, page);
    int i = (int) page & 255;
    if (leaf.entries[i] != 0) {
      letGo(target, leaf, page);
      leaf.setAbsent(i);
      part().dirty = true;
    }
  }

  /// Has the next checkpoint write a page or a node to another place, with the nodes above it; what
  /// it holds stays. Nothing happens if it is not there any more, or is to be written anyway.
  ///
  /// @param level 0 for a page, else that of the node
  /// @param index which page, or which node of its level
  public void rewrite(int space, int level, long index) {
    Space target = space(space);
    long page = target == null ? -1 : level == 0 ? index : anyBelow(target, level, index);
    Node leaf = target == null ? null : leaf(target, page);
    long entry = leaf == null ? 0 : leaf.entries[(int) page & 255];
    if (leaf == null || Node.isFrame(entry) || entry == 0 && level == 0) {
      return;
    }
    if (entry != 0) {
      writable(space, page);
    } else {
      ownLeaf(ownSpace(space), page).setAbsent((int) page & 255);
      whole.dirty = true;
    }
  }

  /// A page below a node: one that is there, unless all are absent; -1 if there is no such node.
  private long anyBelow(Space space, int level, long index) {
    Node node = root(space);
    for (int above = space.height(); above > level && node != null; above--) {
      node = child(space, node, above, index >>> 8 * (above - 1 - level));
    }
    long at = index;
    for (int of = level; node != null; of--) {
      int first = 0;
      while (first < Node.FANOUT - 1 && !has(node, first)) {
        first++;
      }
      at = at << 8 | (has(node, first) ? first : 0);
      if (of == 1) {
        return at;
      }
      node = child(space, node, of, at);
    }
    return -1;
  }

  private static boolean has(Node node, int i) {
    return node.entries[i] != 0 || !node.leaf() && node.child(i) != null;
  }

  /// Makes a new, empty space and returns its id.
  ///
  /// @param pageShift 12, 14 or 16: the size of its pages as a power of two
  public int createSpace(int pageShift) {
    assert pageShift == 12 || pageShift == 14 || pageShift == 16 : pageShift;
    int id = Version.freeId(spaces);
    if (id == spaces.length) {
      spaces = Arrays.copyOf(spaces, Math.max(64, id * 2));
      leaves.spaces(spaces.length);
    }
    spaces[id] = new Space(id, pageShift, birth);
    whole.dirty = true;
    return id;
  }

  /// Drops a space with all its pages.
  public void dropSpace(int space) {
    Space target = ownSpace(space);
    Node root = target.root();
    if (root != null) {
      letGoAll(target, root, 0);
    }
    if (target.rootPlace() != 0) {
      dropped.add(target);
    }
    spaces[space] = null;
    leaves.forget(space);
    whole.dirty = true;
  }

  /// The caller's promise that no address obtained before is used any more. Spills if it must.
  public void spillPoint() {
    if (holds == 0 && file != null && whole.privateBytes > spillBytes) {
      spill(file);
    }
  }

  /// The caller's promise that a page is complete, and that its address is not used any more. It is
  /// written at once, so that the commit has less to write, unless someone holds addresses.
  public void complete(int space, long page) {
    if (holds == 0 && file != null) {
      spill(file, (long) space << PAGE_BITS | page);
    }
  }

  /// How often it has spilled: addresses that [#writable] gave are valid as long as this stays.
  public int spills() {
    return spills;
  }

  /// Whether the next [#spillPoint()] would spill.
  public boolean large() {
    return file != null && whole.privateBytes > spillBytes;
  }

  /// Forbids spilling while someone holds addresses, as an open cursor does.
  public void holdFrames() {
    holds++;
  }

  /// Ends one [#holdFrames()].
  public void unholdFrames() {
    assert holds > 0 : holds;
    holds--;
  }

  /// The next version, if this is committed. Nothing is read through this any more.
  public Version next() {
    closeBuffers();
    return new Version(birth, base.commitNumber() + 1, spaces, attachment, List.copyOf(dropped));
  }

  /// Called once the next version is published: what it replaced waits for its last reader.
  public void retireReplaced() {
    for (int from = 0; from < whole.replaced.size(); from += RETIRED_TOGETHER * REPLACED) {
      int end = Math.min(whole.replaced.size(), from + RETIRED_TOGETHER * REPLACED);
      int first = from;
      frames.together(() -> retireReplaced(first, end));
    }
    frames.retireNodes(whole.replacedNodes(), birth);
    whole.clear();
  }

  private void retireReplaced(int from, int end) {
    for (int i = from; i < end; i += REPLACED) {
      retire(
          whole.replaced.get(i),
          (int) whole.replaced.get(i + 1),
          whole.replaced.get(i + 2),
          whole.replaced.get(i + 3));
    }
  }

  private void retire(long frame, int bytes, long born, long id) {
    Space space = space((int) (id >>> PAGE_BITS));
    long page = id & (1L << PAGE_BITS) - 1;
    Node leaf = space == null ? null : leaf(space, page);
    int i = (int) page & 255;
    long lines = leaf == null ? 0 : leaf.lines(i);
    if (leaf != null && lines != 0 && Node.isFrame(leaf.entries[i]) && leaf.birth(i) == birth) {
      frames.retireTwin(frame, born, birth, Node.address(leaf.entries[i]), lines);
    } else {
      frames.retire(frame, bytes, born, birth);
    }
  }

  /// Takes over what a checkpoint wrote while this went on. What this replaced of it is retired by
  /// the checkpoint.
  public void takeOver(Handover handover) {
    handover.toTransaction(spaces, this::isOwn, birth, dropped);
    leaves.forgetAll();
    LongStack later = new LongStack();
    for (int i = 0; i < whole.replaced.size(); i += REPLACED) {
      for (int k = 0; whole.replaced.get(i + 2) > handover.epoch() && k < REPLACED; k++) {
        later.push(whole.replaced.get(i + k));
      }
    }
    whole.replaced = later;
  }

  /// Throws all of it away.
  public void abandon() {
    closeBuffers();
    for (int i = 0; i < whole.privatePages.size(); i++) {
      long page = whole.privatePages.get(i);
      Space target = spaces[(int) (page >>> PAGE_BITS)];
      if (target != null && isOwn(target)) {
        abandonPage(target, page & (1L << PAGE_BITS) - 1);
      }
    }
    for (int i = 0; i < spilledPages.size(); i++) {
      long page = spilledPages.get(i);
      Space target = spaces[(int) (page >>> PAGE_BITS)];
      if (target != null && isOwn(target)) {
        abandonPage(target, page & (1L << PAGE_BITS) - 1);
      }
    }
    whole.clear();
    spilledPages.clear();
  }

  private void abandonPage(Space target, long page) {
    Node leaf = ownLeaf(target, page);
    int i = (int) page & 255;
    if (isPrivate(leaf, i)) {
      letGo(target, leaf, page);
      leaf.setAbsent(i);
    }
  }

  @Override
  @Nullable Space space(int id) {
    return id < 0 || id >= spaces.length ? null : spaces[id];
  }

  /// A space that may be changed: the transaction's own copy.
  private Space ownSpace(int id) {
    Space space = existing(id);
    if (!isOwn(space)) {
      space = space.copy();
      spaces[id] = space;
    }
    return space;
  }

  @Override
  @Nullable Node leaf(Space space, long page) {
    if (page < 0 || page >= space.pageCount()) {
      return null; // also where damage leads
    }
    Node known = leaves.get(space.id(), page);
    if (known == null) {
      known = super.leaf(space, page);
      if (known != null) {
        leaves.put(space.id(), page, known);
      }
    }
    return known;
  }

  private boolean isOwn(Space space) {
    return space != base.space(space.id());
  }

  /// The leaf above a page, private along the whole path.
  private Node ownLeaf(Space space, long page) {
    Node known = leaves.get(space.id(), page);
    if (known != null && known.owner() == birth) {
      return known;
    }
    Node leaf = makeOwnLeaf(space, page);
    leaves.put(space.id(), page, leaf);
    return leaf;
  }

  private Node makeOwnLeaf(Space space, long page) {
    Node node = ownRoot(space, page);
    for (int level = space.height(); level > 1; level--) {
      long index = page >>> 8 * (level - 1);
      Node child = child(space, node, level, index);
      if (child == null) {
        child = Node.empty(level == 2, birth);
        node.setChild((int) index & 255, child);
      } else if (child.owner() != birth) {
        child = copyOf(child);
        node.setChild((int) index & 255, child);
      }
      node = child;
    }
    return node;
  }

  private Node ownRoot(Space space, long page) {
    Node root = root(space);
    if (root == null) {
      root = Node.empty(space.height() == 1, birth);
      space.root(root);
    } else if (root.owner() != birth) {
      root = copyOf(root);
      space.root(root);
    }
    while (page >>> 8 * space.height() != 0) {
      Node higher = Node.empty(false, birth);
      higher.setChild(0, root);
      space.grow(space.height() + 1, higher);
      root = higher;
    }
    return root;
  }

  private Node copyOf(Node node) {
    part().replaced(node);
    return node.copyFor(birth, frames.spareEntries());
  }

  private boolean isPrivate(Node leaf, int i) {
    return leaf.isDirty(i) && leaf.entries[i] != 0 && leaf.birth(i) == birth;
  }

  /// Gives up what an entry refers to: at once if it is private, else when its last reader has
  /// gone.
  private void letGo(Space space, Node leaf, long page) {
    int i = (int) page & 255;
    int bytes = space.pageBytes();
    long entry = leaf.entries[i];
    Part part = part();
    if (Node.isFrame(entry)) {
      if (leaf.birth(i) == birth) {
        frames.free(Node.address(entry), bytes);
        part.privateBytes -= bytes;
      } else {
        part.replaced.push(Node.address(entry));
        part.replaced.push(bytes);
        part.replaced.push(leaf.birth(i));
        part.replaced.push(id(space, page));
      }
    } else if (isPrivate(leaf, i) && file != null) {
      file.discard(Node.place(entry), bytes);
    }
  }

  private void letGoAll(Space space, Node node, long first) {
    for (int i = 0; i < Node.FANOUT; i++) {
      long below = first << 8 | i;
      if (node.leaf()) {
        letGo(space, node, below);
      } else if (node.child(i) instanceof Node child) {
        letGoAll(space, child, below);
      }
    }
  }

  private void spill(PageFile target) {
    spills++;
    for (int k = 0; k < whole.privatePages.size(); k++) {
      spill(target, whole.privatePages.get(k));
    }
    whole.privatePages.clear();
  }

  /// Writes one page, if it is there and private.
  private void spill(PageFile target, long id) {
    Space space = spaces[(int) (id >>> PAGE_BITS)];
    if (space == null) {
      return;
    }
    long page = id & (1L << PAGE_BITS) - 1;
    Node leaf = ownLeaf(space, page);
    int i = (int) page & 255;
    long entry = leaf.entries[i];
    if (Node.isFrame(entry) && leaf.birth(i) == birth) {
      int bytes = space.pageBytes();
      long address = Node.address(entry);
      int checksum = target.checksum(space.id(), 0, page, address, bytes, birth);
      leaf.setSpilled(i, target.spill(address, bytes), checksum);
      frames.free(address, bytes);
      whole.privateBytes -= bytes;
      spilledPages.push(id);
    }
  }
}
