package dev.quarry.storage.page;

import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/// A node of a page table in memory: 256 entries of a page each, or of a child node each.
///
/// ```text
/// entry   63                                     12 11      2 1 0
///        ┌─────────────────────────────────────────┬─────────┬───┐
/// absent │ 0                                       │         │ 0 │
/// frame  │ address of a frame, aligned to 4 KiB    │         │ 1 │  newer than the file
/// place  │ place in the file, in units of 4 KiB    │         │ 2 │  not looked at yet, or spilled
/// mapped │ address in a window, aligned to 4 KiB   │         │ 3 │  verified
///        └─────────────────────────────────────────┴─────────┴───┘
/// ```
///
/// So an odd entry is an address, and everything else takes the slow path. What else is known of a
/// clean entry (checksum, birth) stays in the node's durable image. Of entries that differ from
/// that image, the *dirty* ones, birth and checksum are in arrays that exist only as long as
/// needed.
///
/// A node is changed only by the transaction that owns it, and by a checkpoint, which replaces
/// frames by places of the same content; both are invisible to readers of older versions.
public final class Node {
  public static final int FANOUT = 256;
  static final int FRAME = 1;
  static final int PLACE = 2;
  static final int MAPPED = 3;
  static final int TAG_MASK = 3;
  static final long ADDRESS_MASK = ~4095L;

  private static final VarHandle CHILD = MethodHandles.arrayElementVarHandle(Node[].class);
  private static final VarHandle DIRTY = MethodHandles.arrayElementVarHandle(long[].class);

  final long[] entries;
  private final Node @Nullable [] children;
  private @Nullable Births births;
  private @Nullable ChangedLines lines; // of this node's owner, not of what it is a copy of
  private int @Nullable [] checksums;
  private final long[] dirty = new long[FANOUT / 64];
  private final long owner;
  private long durable;
  private long written;

  private Node(long[] entries, Node @Nullable [] children, long owner, long durable) {
    this.entries = entries;
    this.children = children;
    this.owner = owner;
    this.durable = durable;
  }

  /// An empty node, owned by a transaction.
  static Node empty(boolean leaf, long owner) {
    return new Node(new long[FANOUT], leaf ? null : new Node[FANOUT], owner, 0);
  }

  /// A node as its durable image has it.
  static Node ofImage(boolean leaf, long image) {
    Node node = new Node(new long[FANOUT], leaf ? null : new Node[FANOUT], 0, image);
    for (int i = 0; i < FANOUT; i++) {
      long place = NodeImage.place(image, i);
      node.entries[i] = place == 0 ? 0 : place << 12 | PLACE;
    }
    return node;
  }

  /// A copy that another transaction may change.
  ///
  /// @param spare an array to be used for its entries, if there is one
  Node copyFor(long newOwner, long @Nullable [] spare) {
    Node copy =
        new Node(
            spare == null ? entries.clone() : copyTo(spare),
            children == null ? null : children.clone(),
            newOwner,
            durable);
    copy.births = births == null ? null : births.copy();
    copy.checksums = checksums == null ? null : checksums.clone();
    System.arraycopy(dirty, 0, copy.dirty, 0, dirty.length);
    return copy;
  }

  private long[] copyTo(long[] spare) {
    System.arraycopy(entries, 0, spare, 0, FANOUT);
    return spare;
  }

  public boolean leaf() {
    return children == null;
  }

  /// The epoch of the version that made this node; 0 if it was read from the file.
  public long owner() {
    return owner;
  }

  /// The image that a checkpoint has written and not handed over yet; 0 for none.
  long written() {
    return written;
  }

  /// Called by a checkpoint: where it has written the image of this node, and all that is dirty
  /// below it; 0 if that came to nothing.
  public void written(long image) {
    written = image;
  }

  /// The address of the durable image, 0 if there is none.
  public long durable() {
    return durable;
  }

  public long entry(int i) {
    return entries[i];
  }

  public static boolean isFrame(long entry) {
    return (entry & TAG_MASK) == FRAME;
  }

  public static boolean isPlace(long entry) {
    return (entry & TAG_MASK) == PLACE;
  }

  public static long address(long entry) {
    return entry & ADDRESS_MASK;
  }

  public static long place(long entry) {
    return entry >>> 12;
  }

  @Nullable Node child(int i) {
    assert children != null : "a leaf has no children";
    return (Node) CHILD.getAcquire(children, i);
  }

  /// Makes a child known that was loaded from the file; it changes nothing that can be seen.
  void loaded(int i, Node child) {
    assert children != null : "a leaf has no children";
    CHILD.setRelease(children, i, child);
  }

  /// The child in memory, if there is one, for walks.
  public @Nullable Node childInMemory(int i) {
    return child(i);
  }

  void setChild(int i, Node child) {
    loaded(i, child);
    markDirty(i);
  }

  /// Publishes the address of a verified page.
  void verified(int i, long address) {
    entries[i] = address | MAPPED;
  }

  void setFrame(int i, long address, long birth) {
    entries[i] = address | FRAME;
    if (births == null) {
      births = new Births();
    }
    births.put(i, birth);
    forgetLines(i);
    markDirty(i);
  }

  /// In which lines a frame of this node's owner differs from the one that it replaced; 0 if that
  /// is not known.
  long lines(int i) {
    return lines == null ? 0 : lines.get(i);
  }

  void lines(int i, long changed) {
    if (lines == null) {
      lines = new ChangedLines(i);
    }
    lines.put(i, changed);
  }

  void forgetLines(int i) {
    if (lines(i) != 0) {
      lines(i, 0);
    }
  }

  void setSpilled(int i, long place, int checksum) {
    entries[i] = place << 12 | PLACE;
    if (checksums == null) {
      checksums = new int[FANOUT];
    }
    checksums[i] = checksum;
  }

  void setAbsent(int i) {
    entries[i] = 0;
    markDirty(i);
  }

  private void markDirty(int i) {
    dirty[i >>> 6] |= 1L << i;
  }

  /// Whether entry or child differ from the durable image. Who finds it clean finds, after that,
  /// the image that says so.
  public boolean isDirty(int i) {
    return ((long) DIRTY.getAcquire(dirty, i >>> 6) & 1L << i) != 0;
  }

  /// The image that a clean entry belongs to; 0 if the entry is dirty.
  long imageOf(int i) {
    return isDirty(i) ? 0 : durable;
  }

  public boolean anyDirty() {
    return (dirty[0] | dirty[1] | dirty[2] | dirty[3]) != 0;
  }

  /// The birth of a dirty page.
  public long birth(int i) {
    assert births != null : "no births";
    return births.get(i);
  }

  /// The checksum of a spilled page.
  public int checksum(int i) {
    assert checksums != null : "no checksums";
    return checksums[i];
  }

  /// Takes over what a checkpoint wrote of `original`: of this node itself, or of the one that it
  /// is a later copy of. What both have in common is clean from now on.
  ///
  /// Readers look at this node meanwhile. An entry is replaced by a place of the same content; then
  /// the image is known; only then it counts as clean.
  ///
  /// @param common is told of each frame that makes way for a place
  void adopt(Node original, FrameConsumer common) {
    long image = original.written;
    long[] clean = new long[dirty.length];
    for (int i = 0; i < FANOUT; i++) {
      if (original.isDirty(i) && isDirty(i) && agrees(original, i)) {
        Sched.point(Point.ADOPT);
        clean[i >>> 6] |= 1L << i;
        if (leaf()) {
          long entry = entries[i];
          long place = NodeImage.place(image, i);
          entries[i] = place == 0 ? 0 : place << 12 | PLACE;
          if (isFrame(entry)) {
            common.accept(address(entry), birth(i));
          }
        }
      }
    }
    Sched.point(Point.ADOPT);
    durable = image;
    Sched.point(Point.ADOPT);
    for (int word = 0; word < dirty.length; word++) {
      DIRTY.setRelease(dirty, word, dirty[word] & ~clean[word]);
    }
    if (!anyDirty()) {
      births = null;
      lines = null;
      checksums = null;
    }
  }

  private boolean agrees(Node original, int i) {
    return leaf() ? entries[i] == original.entries[i] : child(i) == original.child(i);
  }

  interface FrameConsumer {
    void accept(long address, long birth);
  }
}
