package dev.quarry.storage.page;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
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

  private final Version base;
  private final long birth;
  private final long spillBytes;
  private @Nullable Space[] spaces;
  private boolean[] own;
  private final List<Space> dropped;
  private @Nullable Object attachment;
  private boolean dirty;
  private boolean onlyRemoves;
  private int holds;
  private long privateBytes;
  private int spills;
  private final LongStack privatePages = new LongStack();
  private final LongStack spilledPages = new LongStack();
  private LongStack replaced = new LongStack();

  /// @param spillBytes how many bytes of private frames it may hold before it spills
  public PageTransaction(Version base, Frames frames, @Nullable PageFile file, long spillBytes) {
    super(frames, file);
    this.base = base;
    this.birth = base.epoch() + 1;
    this.spillBytes = spillBytes;
    this.spaces = base.copySpaces();
    this.own = new boolean[spaces.length];
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
    dirty = true;
  }

  /// Whether anything was written.
  public boolean dirty() {
    return dirty;
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
    return privateBytes;
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
      return Node.address(entry);
    }
    int bytes = target.pageBytes();
    long source = entry == 0 ? 0 : resolve(target, leaf, page); // which may be damaged
    long frame = frames.allocate(bytes, entry == 0);
    if (entry != 0) {
      Memory.copy(source, frame, bytes);
      letGo(leaf, i, bytes);
    }
    leaf.setFrame(i, frame, birth);
    target.cover(page);
    privateBytes += bytes;
    privatePages.push((long) space << PAGE_BITS | page);
    dirty = true;
    return frame;
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
      letGo(leaf, i, target.pageBytes());
      leaf.setAbsent(i);
      dirty = true;
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
      dirty = true;
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
      own = Arrays.copyOf(own, spaces.length);
    }
    spaces[id] = new Space(id, pageShift, birth);
    own[id] = true;
    dirty = true;
    return id;
  }

  /// Drops a space with all its pages.
  public void dropSpace(int space) {
    Space target = ownSpace(space);
    Node root = target.root();
    if (root != null) {
      letGoAll(root, target.pageBytes());
    }
    if (target.rootPlace() != 0) {
      dropped.add(target);
    }
    spaces[space] = null;
    own[space] = false;
    dirty = true;
  }

  /// The caller's promise that no address obtained before is used any more. Spills if it must.
  public void spillPoint() {
    if (holds == 0 && file != null && privateBytes > spillBytes) {
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
    return file != null && privateBytes > spillBytes;
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
    for (int i = 0; i < replaced.size(); i += 3) {
      frames.retire(replaced.get(i), (int) replaced.get(i + 1), replaced.get(i + 2), birth);
    }
    replaced.clear();
  }

  /// Takes over what a checkpoint wrote while this went on. What this replaced of it is retired by
  /// the checkpoint.
  public void takeOver(Handover handover) {
    handover.toTransaction(spaces, own, birth, dropped);
    LongStack later = new LongStack();
    for (int i = 0; i < replaced.size(); i += 3) {
      if (replaced.get(i + 2) > handover.epoch()) {
        later.push(replaced.get(i));
        later.push(replaced.get(i + 1));
        later.push(replaced.get(i + 2));
      }
    }
    replaced = later;
  }

  /// Throws all of it away.
  public void abandon() {
    closeBuffers();
    for (int i = 0; i < privatePages.size(); i++) {
      long page = privatePages.get(i);
      Space target = spaces[(int) (page >>> PAGE_BITS)];
      if (target != null && own[target.id()]) {
        abandonPage(target, page & (1L << PAGE_BITS) - 1);
      }
    }
    for (int i = 0; i < spilledPages.size(); i++) {
      long page = spilledPages.get(i);
      Space target = spaces[(int) (page >>> PAGE_BITS)];
      if (target != null && own[target.id()]) {
        abandonPage(target, page & (1L << PAGE_BITS) - 1);
      }
    }
    privatePages.clear();
    spilledPages.clear();
    replaced.clear();
    privateBytes = 0;
  }

  private void abandonPage(Space target, long page) {
    Node leaf = ownLeaf(target, page);
    int i = (int) page & 255;
    if (isPrivate(leaf, i)) {
      letGo(leaf, i, target.pageBytes());
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
    if (!own[id]) {
      space = space.copy();
      spaces[id] = space;
      own[id] = true;
    }
    return space;
  }

  /// The leaf above a page, private along the whole path.
  private Node ownLeaf(Space space, long page) {
    Node node = ownRoot(space, page);
    for (int level = space.height(); level > 1; level--) {
      long index = page >>> 8 * (level - 1);
      Node child = child(space, node, level, index);
      if (child == null) {
        child = Node.empty(level == 2, birth);
        node.setChild((int) index & 255, child);
      } else if (child.owner() != birth) {
        child = child.copyFor(birth);
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
      root = root.copyFor(birth);
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

  private boolean isPrivate(Node leaf, int i) {
    return leaf.isDirty(i) && leaf.entries[i] != 0 && leaf.birth(i) == birth;
  }

  /// Gives up what an entry refers to: at once if it is private, else when its last reader has
  /// gone.
  private void letGo(Node leaf, int i, int bytes) {
    long entry = leaf.entries[i];
    if (Node.isFrame(entry)) {
      if (leaf.birth(i) == birth) {
        frames.free(Node.address(entry), bytes);
        privateBytes -= bytes;
      } else {
        replaced.push(Node.address(entry));
        replaced.push(bytes);
        replaced.push(leaf.birth(i));
      }
    } else if (isPrivate(leaf, i) && file != null) {
      file.discard(Node.place(entry), bytes);
    }
  }

  private void letGoAll(Node node, int bytes) {
    for (int i = 0; i < Node.FANOUT; i++) {
      if (node.leaf()) {
        letGo(node, i, bytes);
      } else if (node.child(i) instanceof Node child) {
        letGoAll(child, bytes);
      }
    }
  }

  private void spill(PageFile target) {
    spills++;
    for (int k = 0; k < privatePages.size(); k++) {
      spill(target, privatePages.get(k));
    }
    privatePages.clear();
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
      privateBytes -= bytes;
      spilledPages.push(id);
    }
  }
}
