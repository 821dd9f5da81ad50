package dev.quarry.graph.transaction;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ids of nodes, each once, in the order in which they came: a list beside [DistinctNodes].
///
/// The first few ids lie in an array and are gone over, since many walks meet no more; as long as
/// they ascend, as those of one list do, there may be some more, which are searched by halves. They
/// take no native memory. Where there are more, the list takes 8 bytes an id, and is copied to one
/// of twice its room when it is full.
///
/// Invariant: if there is no memory for an id, nothing has changed. Used by one thread at a time.
final class OrderedIds implements AutoCloseable {
  private static final long NONE = Long.MIN_VALUE;
  private static final int FEW = 32;
  private static final int FEW_ASCENDING = 256;
  private static final long FIRST_ROOM = 512; // the first chunk of a scratch

  private final Scratch account;
  private long[] first = new long[FEW];
  private boolean ascend = true; // the first ones
  private @Nullable DistinctNodes all; // null while there are few ids
  private @Nullable Scratch memory; // of the list
  private long list; // address
  private long room;
  private long size;
  private long greatest = NONE; // what is above it is new: ids of a list ascend

  /// @param account whose account is charged
  OrderedIds(Scratch account) {
    this.account = account;
  }

  long size() {
    return size;
  }

  /// The id that came after so many others.
  long get(long index) {
    assert index >= 0 && index < size : index + " of " + size;
    return all == null ? first[(int) index] : Memory.getLong(list + index * 8);
  }

  /// @param id may be anything
  boolean has(long id) {
    return id <= greatest && isAmong(id);
  }

  private boolean isAmong(long id) {
    DistinctNodes many = all;
    return many == null ? isFirst(id) : many.contains(id);
  }

  private boolean isFirst(long id) {
    if (size > FEW) { // so they ascend
      return Arrays.binarySearch(first, 0, (int) size, id) >= 0;
    }
    for (int i = 0; i < size; i++) {
      if (first[i] == id) {
        return true;
      }
    }
    return false;
  }

  /// Adds an id that is not there.
  void add(long id) {
    assert !isAmong(id) : id;
    boolean ascending = ascend && id > greatest;
    if (all == null && size < (ascending ? FEW_ASCENDING : FEW)) {
      addFirst(id);
    } else {
      addToMany(id);
    }
    ascend = ascending;
    size++;
    greatest = Math.max(greatest, id);
  }

  private void addFirst(long id) {
    if (size == first.length) {
      first = Arrays.copyOf(first, 2 * first.length);
    }
    first[(int) size] = id;
  }

  private void addToMany(long id) {
    if (size >= room) {
      growList();
    }
    DistinctNodes many = all;
    if (many == null) {
      many = makeMany();
      all = many;
    }
    many.add(id);
    Memory.putLong(list + size * 8, id);
  }

  /// Adds those of some ids that are not there, in their order: faster than one by one where they
  /// ascend, as those of a list do. If there is no memory for one of them, those before it are
  /// there, and maybe not all of them.
  void addAll(long[] ids, int count) {
    int done = all == null ? addAscending(ids, count) : 0;
    while (done < count && all == null) {
      long id = ids[done++];
      if (!has(id)) {
        add(id);
      }
    }
    if (done < count) {
      addAllToMany(ids, done, count);
    }
  }

  /// Adds ids to the first ones, up to one that is less than another.
  ///
  /// @return how many of them are there now
  private int addAscending(long[] ids, int count) {
    int most = ascend ? Math.min(count, FEW_ASCENDING - (int) size) : 0;
    if (most > first.length - size) {
      first = Arrays.copyOf(first, FEW_ASCENDING);
    }
    long[] to = first;
    int end = (int) size;
    long last = greatest;
    int done = 0;
    while (done < most && ids[done] >= last) {
      long id = ids[done++];
      to[end] = id;
      end += id > last ? 1 : 0; // equals stand side by side
      last = id;
    }
    size = end;
    greatest = last;
    return done;
  }

  private void addAllToMany(long[] ids, int from, int count) {
    DistinctNodes many = Objects.requireNonNull(all);
    int end = many.keepMissing(ids, from, count);
    for (int i = from; i < end; i++) {
      long id = ids[i];
      if (size >= room) {
        growList();
      }
      if (many.add(id)) { // but for those that are there twice
        Memory.putLong(list + size++ * 8, id);
        greatest = Math.max(greatest, id);
      }
    }
  }

  private void growList() {
    long newRoom = Math.max(FIRST_ROOM, 2 * room);
    Scratch larger = account.another();
    long to = larger.allocate(newRoom * 8);
    Memory.copy(list, to, room * 8);
    giveListBack();
    memory = larger;
    list = to;
    room = newRoom;
  }

  /// Moves the first ids to where many have room.
  private DistinctNodes makeMany() {
    DistinctNodes many = new DistinctNodes(account.another(), () -> {});
    many.clear();
    for (int i = 0; i < size; i++) {
      many.add(first[i]);
      Memory.putLong(list + i * 8L, first[i]);
    }
    return many;
  }

  /// Takes all ids out. Costs no more than it took to add them.
  void clear() {
    if (all != null && all.isSparse(size)) {
      close();
    } else if (all != null) {
      all.wipe();
    }
    forget();
  }

  /// Takes all ids out and gives the memory back. It may be used again.
  @Override
  public void close() {
    if (all != null) {
      all.close();
      all = null;
    }
    giveListBack();
    forget();
  }

  private void forget() {
    size = 0;
    greatest = NONE;
    ascend = true;
  }

  private void giveListBack() {
    if (memory != null) {
      memory.close();
      memory = null;
    }
    list = 0;
    room = 0;
  }
}
