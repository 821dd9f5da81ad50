package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import java.util.Arrays;

/// Takes and frees slots.
///
/// Freed slots are remembered, and become free in the descriptors at [#finish()], which the owner
/// calls before the commit. Used by the writer's thread.
public final class SlabWriter {
  private static final int MOST_TURNS = 64;

  private final PageTransaction transaction;
  private final SlabSpaces spaces;
  private final Slabs slabs;
  private long[] freed = new long[0];
  private int freedCount;
  private int spills; // by when the addresses below were found
  private long headsAt;
  private long descriptorsPage = -1;
  private long descriptorsAt;

  public SlabWriter(PageTransaction transaction, SlabSpaces spaces) {
    this(transaction, spaces, new Slabs(transaction, spaces));
  }

  /// @param slabs of the transaction
  SlabWriter(PageTransaction transaction, SlabSpaces spaces, Slabs slabs) {
    this.transaction = transaction;
    this.spaces = spaces;
    this.slabs = slabs;
  }

  /// The most bytes that a slot can hold.
  public static int largest() {
    return SizeClasses.LARGEST;
  }

  /// Takes a slot of at least `bytes`, all zeros, and returns its reference.
  public long take(int bytes) {
    int sizeClass = SizeClasses.of(bytes);
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    long heads = heads() + Descriptors.headOffset(sizeClass);
    long pagePlusOne = Memory.getLong(heads);
    if (pagePlusOne == 0) {
      pagePlusOne = addPage(sizeClass) + 1;
      Memory.putLong(heads, pagePlusOne);
    }
    long page = pagePlusOne - 1;
    if (page < 0 || page >= slabs.table(isLarge).pageCount()) {
      throw damaged("page " + page + " of size class " + sizeClass + " has room, and is not there");
    }
    long at = descriptor(page, isLarge);
    int slot = Descriptors.firstFree(at);
    if (Descriptors.classPlusOne(at) != sizeClass + 1
        || slot >= SizeClasses.slotsPerPage(sizeClass)) {
      throw damaged("page " + page + " has no room for size class " + sizeClass);
    }
    Descriptors.inUse(at, slot, true);
    int live = Descriptors.live(at) + 1;
    Descriptors.live(at, live);
    if (live == SizeClasses.slotsPerPage(sizeClass)) {
      Memory.putLong(heads, Descriptors.next(at));
      Descriptors.listed(at, false);
    }
    long reference = SlabReference.of(sizeClass, slot, page);
    long frame = transaction.writableFree(space(reference), page);
    Memory.fill(frame + offset(reference), SizeClasses.bytes(sizeClass), (byte) 0);
    return reference;
  }

  /// The address of a slot, to write behind what any version shows of it: anywhere if this
  /// transaction has taken it, else behind the end of the list that it holds.
  public long writableEnd(long reference) {
    slabs.ensureSound(reference); // which may come from disk
    return transaction.writableUnseen(space(reference), SlabReference.page(reference))
        + offset(reference);
  }

  private int space(long reference) {
    boolean isLarge = SizeClasses.isLarge(SlabReference.sizeClass(reference));
    return isLarge ? spaces.large() : spaces.small();
  }

  private static long offset(long reference) {
    return (long) SlabReference.slot(reference)
        * SizeClasses.bytes(SlabReference.sizeClass(reference));
  }

  /// Whether a slot lies in a page that would better be emptied: more than a quarter of its slots
  /// is free, and new slots are taken elsewhere.
  boolean isSparse(long reference) {
    int sizeClass = SlabReference.sizeClass(reference);
    long page = SlabReference.page(reference);
    return slabs.live(reference) * 4 < SizeClasses.slotsPerPage(sizeClass) * 3
        && slabs.head(sizeClass) != page + 1;
  }

  /// Moves the bytes of a slot, if it lies in a page that is to be emptied.
  ///
  /// @param bytes that it holds
  /// @return where they are now, the same if they stay, and 0 if that is to be asked again in
  ///   another transaction
  public long evacuate(long reference, int bytes, Evacuation evacuation) {
    if (!isEvacuated(reference, evacuation)) {
      return reference;
    }
    if (!turn(bytes, evacuation)) {
      return 0;
    }
    long moved = take(bytes);
    long to = writableEnd(moved);
    Memory.copy(slabs.address(reference, bytes), to, bytes);
    free(reference);
    return moved;
  }

  /// Whether a slot is to be moved out of its page, and is not in the one that takes others in.
  boolean isEvacuated(long reference, Evacuation evacuation) {
    int sizeClass = SlabReference.sizeClass(reference);
    long page = SlabReference.page(reference);
    slabs.address(reference); // which may come from disk
    int live = Descriptors.live(slabs.descriptor(page, SizeClasses.isLarge(sizeClass)));
    return evacuation.empties(sizeClass, live)
        && (slabs.head(sizeClass) != page + 1 || evacuation.turns(sizeClass, live));
  }

  /// Turns the chain of pages with room for so many bytes, see [Evacuation].
  ///
  /// @return whether [#take] now takes from a page that is to be kept, if there is one; else more
  ///   turns are needed, and belong into another transaction
  boolean turn(int bytes, Evacuation evacuation) {
    int sizeClass = SizeClasses.of(bytes);
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      long first = slabs.head(sizeClass);
      if (first == 0
          || !evacuation.turns(sizeClass, Descriptors.live(slabs.descriptor(first - 1, isLarge)))
          || !turnOnce(sizeClass, first - 1, evacuation)) {
        evacuation.took(sizeClass);
        return true;
      }
    }
    return false;
  }

  /// Moves the first page of a chain to its end; false if the end is not known any more.
  private boolean turnOnce(int sizeClass, long first, Evacuation evacuation) {
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    long last = evacuation.last(sizeClass) - 1;
    if (last < 0 || last == first || last >= slabs.table(isLarge).pageCount()) {
      return false;
    }
    long found = slabs.descriptor(last, isLarge);
    if (Descriptors.classPlusOne(found) != sizeClass + 1
        || !Descriptors.listed(found)
        || Descriptors.next(found) != 0) {
      return false;
    }
    long second = Descriptors.next(slabs.descriptor(first, isLarge));
    if (second == 0) {
      throw damaged("the chain of size class " + sizeClass + " has two ends");
    }
    Descriptors.next(descriptor(first, isLarge), 0);
    Descriptors.next(descriptor(last, isLarge), first + 1);
    Memory.putLong(heads() + Descriptors.headOffset(sizeClass), second);
    evacuation.turned(sizeClass, first);
    return true;
  }

  /// Frees a slot. Its bytes stay as they are until the slot is taken again, after the commit.
  public void free(long reference) {
    if (freedCount == freed.length) {
      freed = Arrays.copyOf(freed, Math.max(16, freedCount * 2));
    }
    freed[freedCount++] = reference;
  }

  /// Makes the freed slots free in the descriptors; a page without a live slot becomes absent.
  public void finish() {
    for (int i = 0; i < freedCount; i++) {
      release(freed[i]);
    }
    freedCount = 0;
  }

  private void release(long reference) {
    int sizeClass = SlabReference.sizeClass(reference);
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    long page = SlabReference.page(reference);
    slabs.address(reference);
    long at = descriptor(page, isLarge);
    int slot = SlabReference.slot(reference);
    if (Descriptors.classPlusOne(at) != sizeClass + 1 || !Descriptors.inUse(at, slot)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "slab slot 0x%x is freed, but it is not in use".formatted(reference),
          "run `quarry check`");
    }
    Descriptors.inUse(at, slot, false);
    Descriptors.live(at, Descriptors.live(at) - 1);
    if (!Descriptors.listed(at)) {
      long heads = heads() + Descriptors.headOffset(sizeClass);
      Descriptors.next(at, Memory.getLong(heads));
      Descriptors.listed(at, true);
      Memory.putLong(heads, page + 1);
    }
    if (Descriptors.live(at) == 0) {
      transaction.free(isLarge ? spaces.large() : spaces.small(), page);
    }
  }

  static CorruptPageException damaged(String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED, "slabs are damaged: " + what, "run `quarry check`");
  }

  private long addPage(int sizeClass) {
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    long page = slabs.table(isLarge).pageCount();
    transaction.writable(isLarge ? spaces.large() : spaces.small(), page);
    long at = descriptor(page, isLarge);
    Descriptors.format(at, sizeClass);
    Descriptors.listed(at, true);
    return page;
  }

  /// The first page of the descriptors, to be written until the transaction may spill.
  private long heads() {
    forgetSpilled();
    if (headsAt == 0) {
      headsAt = transaction.writable(spaces.descriptors(), 0);
    }
    return headsAt;
  }

  private long descriptor(long page, boolean isLarge) {
    forgetSpilled();
    long descriptors = Descriptors.page(page, isLarge);
    if (descriptors != descriptorsPage) {
      descriptorsAt = transaction.writable(spaces.descriptors(), descriptors);
      descriptorsPage = descriptors;
    }
    return descriptorsAt + Descriptors.offset(page, isLarge);
  }

  private void forgetSpilled() {
    if (spills != transaction.spills()) {
      spills = transaction.spills();
      headsAt = 0;
      descriptorsPage = -1;
    }
  }
}
