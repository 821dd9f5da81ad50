package dev.quarry.storage.slab;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import java.util.function.LongConsumer;

/// Reads slots by reference. Used by one thread at a time; nothing is allocated.
public final class Slabs {
  private final PageTable small;
  private final PageTable large;
  private final PageTable descriptors;

  public Slabs(PageReader reader, SlabSpaces spaces) {
    this.small = reader.table(spaces.small());
    this.large = reader.table(spaces.large());
    this.descriptors = reader.table(spaces.descriptors());
    if (spaces.large() != PageReader.NO_SPACE && large.pageBytes() < SizeClasses.LARGE_PAGE) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "space %d of slabs has pages of %d bytes, expected %d"
              .formatted(spaces.large(), large.pageBytes(), SizeClasses.LARGE_PAGE),
          "run `quarry check`");
    }
  }

  /// The address of a slot. What the reference says is checked, since it may come from disk.
  public long address(long reference) {
    ensureSound(reference);
    int sizeClass = SlabReference.sizeClass(reference);
    return table(SizeClasses.isLarge(sizeClass)).address(SlabReference.page(reference))
        + (long) SlabReference.slot(reference) * SizeClasses.bytes(sizeClass);
  }

  /// Makes sure that a slot can be where a reference says.
  void ensureSound(long reference) {
    int sizeClass = SlabReference.sizeClass(reference);
    if (sizeClass >= SizeClasses.COUNT
        || SlabReference.page(reference) >= table(SizeClasses.isLarge(sizeClass)).pageCount()
        || SlabReference.slot(reference) >= SizeClasses.slotsPerPage(sizeClass)) {
      throw damaged(reference);
    }
  }

  /// The same for a slot that is to hold so many bytes at least.
  public long address(long reference, long bytes) {
    if (bytes > bytes(reference)) {
      throw damaged(reference);
    }
    return address(reference);
  }

  /// Bytes of the slot that a reference means.
  public int bytes(long reference) {
    int sizeClass = SlabReference.sizeClass(reference);
    if (sizeClass >= SizeClasses.COUNT) {
      throw damaged(reference);
    }
    return SizeClasses.bytes(sizeClass);
  }

  /// Tells the references of all slots in use, for the checker.
  public void inUse(LongConsumer sink) {
    descriptors(
        (page, isLarge, at) -> {
          int sizeClass = Descriptors.classPlusOne(at) - 1;
          boolean known = sizeClass >= 0 && sizeClass < SizeClasses.COUNT;
          for (int slot = 0; known && slot < SizeClasses.slotsPerPage(sizeClass); slot++) {
            if (Descriptors.inUse(at, slot)) {
              sink.accept(SlabReference.of(sizeClass, slot, page));
            }
          }
        });
  }

  /// The pages of a size.
  PageTable table(boolean isLarge) {
    return isLarge ? large : small;
  }

  /// Is told of the descriptor of a slab page.
  interface DescriptorSink {
    void accept(long page, boolean large, long at);
  }

  /// Tells all descriptors, also of pages that are absent since nothing is left in them.
  void descriptors(DescriptorSink sink) {
    for (long page = descriptors.firstPresent(1); page > 0; ) {
      long at = descriptors.address(page);
      for (int i = 0; i < Descriptors.PER_PAGE; i++) {
        long index = (page - 1) * Descriptors.PER_PAGE + i;
        boolean isLarge = (index & 1) != 0;
        if (index / 2 < table(isLarge).pageCount()) {
          sink.accept(index / 2, isLarge, at + (long) i * Descriptors.BYTES);
        }
      }
      page = descriptors.firstPresent(page + 1);
    }
  }

  /// The address of the descriptor of a page.
  long descriptor(long page, boolean isLarge) {
    return descriptors.address(Descriptors.page(page, isLarge)) + Descriptors.offset(page, isLarge);
  }

  /// The address of the descriptor of the page of a slot.
  long descriptor(long reference) {
    boolean isLarge = SizeClasses.isLarge(SlabReference.sizeClass(reference));
    return descriptor(SlabReference.page(reference), isLarge);
  }

  /// How many slots are in use in the page of one.
  int live(long reference) {
    return Descriptors.live(descriptor(reference));
  }

  /// The first page of a size class that has room, plus 1; 0 for none.
  long head(int sizeClass) {
    return Memory.getLong(descriptors.address(0) + Descriptors.headOffset(sizeClass));
  }

  static CorruptPageException damaged(long reference) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "slab reference 0x" + Long.toHexString(reference) + " leads nowhere",
        "run `quarry check`");
  }
}
