package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageTransaction;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Takes and frees slots.
///
/// Freed slots are remembered, and become free in the descriptors at [#finish()], which the owner
/// calls before the commit. One that this writer has taken in the transaction was never in a
/// version, so if nobody in the transaction reads it any more either, it can be given back:
///
/// ```text
///         ┌──── take ────┐
///         ▼              │
/// take ► here ─ giveBack ► again ───┐
///         │                         │
///         ├─ free ─► waits ─ finish ┴─► free
///         └─ commit ► in a version ─ free, giveBack ─► waits ─ finish ─► free
/// ```
///
/// Used by the writer's thread.
public final class SlabWriter {
  private static final int MOST_TURNS = 64;
  private static final byte UNWRITTEN = (byte) 0xA5; // in check mode

  private final PageTransaction transaction;
  private final SlabSpaces spaces;
  private final Slabs slabs;
  private long[] freed = new long[0];
  private int freedCount;
  private @Nullable Filling[] fillings = {}; // by size class, as far as they were met
  private final TakenSlots taken = new TakenSlots(); // but for the pages of fillings
  private boolean looked; // for:
  private @Nullable SparsePages sparse;
  private int spills; // by when the addresses below, and those of fillings, were found
  private long headsAt;
  private long descriptorsPage = -1;
  private long descriptorsAt;
  private long lastTaken = -1; // the slot whose address is:
  private long lastTakenAt;

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

  /// Takes a slot of at least `bytes`, and returns its reference. Whoever takes it writes so many;
  /// until then they may be anything. What is behind them is zeros.
  public long take(int bytes) {
    int sizeClass = SizeClasses.of(bytes);
    forgetSpilled();
    Filling filling = filling(sizeClass);
    if (filling != null && filling.againCount > 0) {
      return takeAgain(filling, bytes);
    }
    if (filling == null || filling.descriptor == 0 || head(sizeClass) != filling.page + 1) {
      filling = fill(sizeClass);
    }
    int slot = takeNew(filling);
    long reference = SlabReference.of(sizeClass, slot, filling.page);
    lastTaken = reference;
    lastTakenAt = filling.frame + (long) slot * filling.slotBytes;
    prepare(lastTakenAt, bytes, filling.slotBytes);
    return reference;
  }

  /// Takes a slot that was given back.
  private long takeAgain(Filling filling, int bytes) {
    long reference = filling.again[--filling.againCount];
    if (bytes < filling.slotBytes || Memory.checkMode()) {
      prepare(writableEnd(reference), bytes, filling.slotBytes);
    }
    return reference;
  }

  private static void prepare(long address, int bytes, int room) {
    if (Memory.checkMode()) {
      Memory.fill(address, bytes, UNWRITTEN);
    }
    Memory.clear(address + bytes, room - bytes);
  }

  /// Takes a slot that is free in the page.
  private int takeNew(Filling filling) {
    long at = filling.descriptor;
    int slot = Descriptors.take(at, filling.slots);
    if (slot < 0) {
      throw damaged("page " + filling.page + " has no room for size class " + filling.sizeClass);
    }
    int live = Descriptors.live(at) + 1;
    Descriptors.live(at, live);
    if (live == filling.slots) {
      head(filling.sizeClass, Descriptors.next(at));
      Descriptors.listed(at, false);
    }
    filling.took(slot);
    return slot;
  }

  private @Nullable Filling filling(int sizeClass) {
    return sizeClass < fillings.length ? fillings[sizeClass] : null;
  }

  /// The page that slots of a size are taken from, and slots of that size that can be taken again.
  private static final class Filling {
    private final int sizeClass;
    private final int slots;
    private final int slotBytes;
    private long page = -1;
    private long descriptor; // its address, or 0 if that is not known any more
    private long frame;
    private long taken; // of its slots, by this writer: those from 0 on,
    private long takenHigh; // and those from 64 on
    private long[] again = {}; // slots of any page
    private int againCount;

    // Whether it was absent before. What is free in it may be anything until the end.
    private boolean unset;

    private Filling(int sizeClass) {
      this.sizeClass = sizeClass;
      this.slots = SizeClasses.slotsPerPage(sizeClass);
      this.slotBytes = SizeClasses.bytes(sizeClass);
    }

    private void took(int slot) {
      if (slot < 64) {
        taken |= 1L << slot;
      } else {
        takenHigh |= 1L << slot;
      }
    }

    private boolean hasTaken(int slot) {
      return ((slot < 64 ? taken : takenHigh) & 1L << slot) != 0;
    }

    private void giveBack(long reference) {
      if (againCount == again.length) {
        again = Arrays.copyOf(again, Math.max(16, againCount * 2));
      }
      again[againCount++] = reference;
    }
  }

  /// Finds the page that slots of a size are to be taken from.
  private Filling fill(int sizeClass) {
    Filling filling = filling(sizeClass);
    if (filling == null) {
      filling = new Filling(sizeClass);
      fillings = Arrays.copyOf(fillings, Math.max(fillings.length, sizeClass + 1));
      fillings[sizeClass] = filling;
    }
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    long page = head(sizeClass) - 1;
    if (filling.page != page) {
      clearFree(filling);
      noteTaken(filling);
    }
    filling.descriptor = 0;
    if (page == -1) {
      page = slabs.table(isLarge).pageCount();
      setFresh(filling, page);
      addDescriptor(page, sizeClass);
      head(sizeClass, page + 1);
    } else if (page < 0 || page >= slabs.table(isLarge).pageCount()) {
      throw damaged("page " + page + " of size class " + sizeClass + " has room, and is not there");
    } else if (slabs.table(isLarge).isAbsent(page)) {
      setFresh(filling, page);
    } else {
      filling.frame = transaction.writableFree(space(isLarge), page);
    }
    long at = descriptor(page, isLarge);
    if (Descriptors.classPlusOne(at) != sizeClass + 1) {
      throw damaged("page " + page + " has no room for size class " + sizeClass);
    }
    if (sparse != null && !isLarge) {
      sparse.keep(page);
    }
    if (filling.page != page) {
      filling.taken = taken.low(Descriptors.index(page, isLarge));
      filling.takenHigh = taken.high(Descriptors.index(page, isLarge));
    }
    filling.page = page;
    filling.descriptor = at;
    return filling;
  }

  /// Notes which slots of its page were taken, since slots are taken from another page from now on.
  private void noteTaken(Filling filling) {
    if ((filling.taken | filling.takenHigh) != 0) {
      boolean isLarge = SizeClasses.isLarge(filling.sizeClass);
      taken.put(Descriptors.index(filling.page, isLarge), filling.taken, filling.takenHigh);
    }
  }

  /// Gives a page that is absent a frame, of which only what no slot has is zeros yet.
  private void setFresh(Filling filling, long page) {
    int sizeClass = filling.sizeClass;
    filling.frame = transaction.writableUnset(space(SizeClasses.isLarge(sizeClass)), page);
    filling.unset = true;
    int used = filling.slots * filling.slotBytes;
    Memory.clear(filling.frame + used, SizeClasses.pageBytes(sizeClass) - used);
  }

  /// Makes the slots zeros that were not taken from a page that was absent before, so that what
  /// else was in memory does not come to the file.
  private void clearFree(Filling filling) {
    boolean isLarge = SizeClasses.isLarge(filling.sizeClass);
    if (filling.unset && !slabs.table(isLarge).isAbsent(filling.page)) {
      long frame = transaction.writableFree(space(isLarge), filling.page);
      long at = slabs.descriptor(filling.page, isLarge);
      for (int slot = 0; slot < filling.slots; slot++) {
        if (!Descriptors.inUse(at, slot)) {
          Memory.clear(frame + (long) slot * filling.slotBytes, filling.slotBytes);
        }
      }
    }
    filling.unset = false;
  }

  /// The address of a slot, to write behind what any version shows of it: anywhere if this
  /// transaction has taken it, else behind the end of the list that it holds.
  public long writableEnd(long reference) {
    if (reference == lastTaken && spills == transaction.spills()) {
      return lastTakenAt;
    }
    slabs.ensureSound(reference); // which may come from disk
    return transaction.writableUnseen(space(reference), SlabReference.page(reference))
        + offset(reference);
  }

  private int space(long reference) {
    return space(SizeClasses.isLarge(SlabReference.sizeClass(reference)));
  }

  private int space(boolean isLarge) {
    return isLarge ? spaces.large() : spaces.small();
  }

  private static long offset(long reference) {
    return (long) SlabReference.slot(reference)
        * SizeClasses.bytes(SlabReference.sizeClass(reference));
  }

  /// Whether a slot lies in a page that would better be emptied: more than a quarter of its slots
  /// is free, and new slots are taken elsewhere.
  boolean isSparse(long reference) {
    if (looked) {
      return sparse != null && sparse.hold(reference);
    }
    int sizeClass = SlabReference.sizeClass(reference);
    long page = SlabReference.page(reference);
    return slabs.live(reference) * 4 < SizeClasses.slotsPerPage(sizeClass) * 3
        && slabs.head(sizeClass) != page + 1;
  }

  /// Decides once and for all which pages are to be emptied in this transaction, as [#isSparse]
  /// says.
  void lookForSparse() {
    if (!looked) {
      sparse = SparsePages.of(slabs);
      looked = true;
    }
  }

  /// Whether [#isSparse] reads the descriptor of a page.
  boolean readsDescriptors() {
    return !looked;
  }

  /// Whether there may be slots that are taken again at once when they are given back.
  boolean hasTaken() {
    boolean has = !taken.isEmpty();
    for (Filling filling : fillings) {
      has |= filling != null && (filling.taken | filling.takenHigh) != 0;
    }
    return has;
  }

  /// Whether it was decided that some pages are to be emptied.
  boolean hasSparse() {
    return sparse != null;
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
    head(sizeClass, second);
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

  /// Frees a slot that nobody in this transaction reads any more: if this writer has taken it, it
  /// can be taken again at once.
  public void giveBack(long reference) {
    int sizeClass = SlabReference.sizeClass(reference);
    Filling filling = filling(sizeClass);
    if (filling != null && hasTaken(filling, reference) && !isToBeEmptied(reference)) {
      filling.giveBack(reference);
    } else {
      free(reference);
    }
  }

  /// Whether this writer has taken a slot since the transaction spilled.
  private boolean hasTaken(Filling filling, long reference) {
    long page = SlabReference.page(reference);
    int slot = SlabReference.slot(reference);
    if (slot >= filling.slots) {
      return false; // which may come from disk
    }
    if (page == filling.page) {
      return filling.hasTaken(slot);
    }
    long index = Descriptors.index(page, SizeClasses.isLarge(filling.sizeClass));
    return ((slot < 64 ? taken.low(index) : taken.high(index)) & 1L << slot) != 0;
  }

  private boolean isToBeEmptied(long reference) {
    return sparse != null && sparse.hold(reference);
  }

  /// Makes the freed slots free in the descriptors; a page without a live slot becomes absent.
  public void finish() {
    forgetSpilled();
    for (Filling filling : fillings) {
      if (filling != null) {
        releaseAll(filling.again, filling.againCount);
        filling.againCount = 0;
      }
    }
    releaseAll(freed, freedCount);
    freedCount = 0;
    for (Filling filling : fillings) {
      if (filling != null) {
        clearFree(filling);
        filling.page = -1;
        filling.descriptor = 0;
        filling.taken = 0;
        filling.takenHigh = 0;
      }
    }
    taken.clear();
    lastTaken = -1;
  }

  private void releaseAll(long[] references, int count) {
    for (int i = 0; i < count; i++) {
      release(references[i]);
    }
  }

  private void release(long reference) {
    int sizeClass = SlabReference.sizeClass(reference);
    boolean isLarge = SizeClasses.isLarge(sizeClass);
    long page = SlabReference.page(reference);
    int slot = SlabReference.slot(reference);
    slabs.ensureSound(reference);
    long at = descriptor(page, isLarge);
    if (Descriptors.classPlusOne(at) != sizeClass + 1 || !Descriptors.inUse(at, slot)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "slab slot 0x%x is freed, but it is not in use".formatted(reference),
          "run `quarry check`");
    }
    Descriptors.inUse(at, slot, false);
    Descriptors.live(at, Descriptors.live(at) - 1);
    if (!Descriptors.listed(at)) {
      Descriptors.next(at, head(sizeClass));
      Descriptors.listed(at, true);
      head(sizeClass, page + 1);
    }
    if (Descriptors.live(at) == 0) {
      transaction.free(space(isLarge), page);
    }
  }

  static CorruptPageException damaged(String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED, "slabs are damaged: " + what, "run `quarry check`");
  }

  /// The first page of a size that has room, plus 1; 0 for none.
  private long head(int sizeClass) {
    return Memory.getLong(heads() + Descriptors.headOffset(sizeClass));
  }

  private void head(int sizeClass, long pagePlusOne) {
    Memory.putLong(heads() + Descriptors.headOffset(sizeClass), pagePlusOne);
  }

  private void addDescriptor(long page, int sizeClass) {
    long at = descriptor(page, SizeClasses.isLarge(sizeClass));
    Descriptors.format(at, sizeClass);
    Descriptors.listed(at, true);
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
      lastTaken = -1;
      taken.clear();
      for (Filling filling : fillings) {
        if (filling != null) {
          filling.descriptor = 0;
          filling.taken = 0;
          filling.takenHigh = 0;
          letWait(filling);
        }
      }
    }
  }

  /// Leaves the slots that could be taken again to the end, since their pages were written.
  private void letWait(Filling filling) {
    for (int i = 0; i < filling.againCount; i++) {
      free(filling.again[i]);
    }
    filling.againCount = 0;
  }
}
