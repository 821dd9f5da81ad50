package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.Node;
import dev.quarry.storage.page.NodeImage;
import dev.quarry.storage.page.PageWalk;
import dev.quarry.storage.page.Snapshot;
import dev.quarry.storage.page.Space;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/// Writes a snapshot to a new file: its pages only, one behind the other, and the nodes above them.
///
/// The copy is another store: it has an identity of its own, so no log of the original fits it, nor
/// the other way round. Everything in it was born at the snapshot's epoch. It is made whole or not
/// at all, see [NewFile].
///
/// ```text
/// meta · meta · pages of a leaf · leaf · pages of a leaf · leaf · … · root │ next space │ … │ tables
/// ```
///
/// Memory: a page, and one node per level. Used by one thread; the writer and other readers go on
/// meanwhile.
public final class StoreCopy {
  private static final int MOST_LEVELS = 6;
  private static final int PAGE = 4096;
  private static final int LARGEST_PAGE = 1 << 16;

  private final DiskFile file;
  private final Snapshot snapshot;
  private final UUID uuid;
  private final long birth;
  private final long seed;
  private final IntConsumer copied;
  private final Places places = new Places(new Pins(), StoreFile.RESERVED);
  private final long[] images = new long[MOST_LEVELS];
  private final long[] open = new long[MOST_LEVELS];
  private long rootPlace;
  private int rootChecksum;

  private StoreCopy(
      DiskFile file, Snapshot snapshot, UUID uuid, Scratch scratch, IntConsumer copied) {
    this.file = file;
    this.snapshot = snapshot;
    this.uuid = uuid;
    this.birth = snapshot.version().epoch();
    this.seed = FilePages.seed(uuid);
    this.copied = copied;
    images[0] = scratch.allocate(LARGEST_PAGE);
    for (int level = 1; level < MOST_LEVELS; level++) {
      images[level] = scratch.allocate(NodeImage.BYTES);
    }
  }

  /// Makes a store of a snapshot.
  ///
  /// @param target which must not exist
  /// @param copied is told the size of each page; what it throws ends the work
  /// @throws dev.quarry.error.StoreOpenException if there is something at the target already
  /// @throws CorruptPageException if a page of the snapshot is damaged
  public static void write(
      Snapshot snapshot, Disk disk, Path target, UUID uuid, Scratch scratch, IntConsumer copied) {
    NewFile.make(
        disk,
        target,
        temporary -> {
          try (DiskFile file = disk.open(temporary, true, true)) {
            new StoreCopy(file, snapshot, uuid, scratch, copied).write();
          }
        });
  }

  private void write() {
    @Nullable Space[] spaces = snapshot.version().spaces().clone();
    for (int id = 0; id < spaces.length; id++) {
      Space space = spaces[id];
      if (space != null) {
        spaces[id] = copy(space);
      }
    }
    Meta.Run table = run(SystemTables.spaceTable(spaces));
    Meta.Run bitmap = bitmap();
    file.truncate(places.end() << 12);
    Memory.awaitFaults(); // what was read is what was written
    file.force();
    Meta meta =
        new Meta(
            Meta.VERSION,
            true,
            Meta.Features.NONE,
            uuid,
            0,
            0,
            birth,
            snapshot.commitNumber(),
            0,
            places.end(),
            table,
            bitmap);
    meta.write(file);
    meta.withSequence(1).write(file);
    file.force();
  }

  /// Copies the pages of a space and makes the nodes above them, from the leaves up.
  private Space copy(Space space) {
    Arrays.fill(open, -1);
    int height = space.height();
    PageWalk.run(
        snapshot,
        space.id(),
        new PageWalk.Visitor() {
          @Override
          public void page(long page, long address) {
            open(space, page);
            // The writer may be at work on bytes of an open frame that this snapshot does not show.
            Memory.copy(address, images[0], space.pageBytes());
            put(space, 0, page, images[0], space.pageBytes());
            copied.accept(space.pageBytes());
          }

          @Override
          public void damaged(CorruptPageException what, long firstPage, long pages) {
            throw what;
          }
        });
    for (int level = 1; level <= height && open[level] >= 0; level++) {
      close(space, level);
    }
    return root(space);
  }

  private Space root(Space space) {
    boolean empty = open[space.height()] < 0;
    return Space.durable(
        space.id(),
        space.pageShift(),
        space.height(),
        space.pageCount(),
        empty ? 0 : rootPlace,
        empty ? 0 : rootChecksum,
        empty ? 0 : birth);
  }

  /// Begins the nodes above a page, and ends those that it does not lie under any more.
  private void open(Space space, long page) {
    for (int level = 1; level <= space.height(); level++) {
      if (open[level] >= 0 && open[level] != page >>> 8 * level) {
        close(space, level);
      }
    }
    for (int level = space.height(); level > 0; level--) {
      if (open[level] != page >>> 8 * level) {
        open[level] = page >>> 8 * level;
        Memory.fill(images[level], NodeImage.BYTES, (byte) 0);
      }
    }
  }

  private void close(Space space, int level) {
    put(space, level, open[level], images[level], NodeImage.BYTES);
  }

  /// Writes a page or a node, and enters it in its parent.
  private void put(Space space, int level, long index, long address, int bytes) {
    long place = take(bytes >>> 12);
    file.write(Memory.view(address, bytes), place << 12);
    int checksum = FilePages.checksum(seed, space.id(), level, index, address, bytes, birth);
    if (level == space.height()) {
      rootPlace = place;
      rootChecksum = checksum;
    } else {
      int entry = (int) index & Node.FANOUT - 1;
      NodeImage.put(images[level + 1], entry, checksum, place, birth);
    }
  }

  private Meta.Run run(ByteBuffer bytes) {
    if (bytes.capacity() == 0) {
      return Meta.Run.NONE;
    }
    long place = take((bytes.capacity() + 4095) >>> 12);
    file.write(bytes.rewind(), place << 12);
    return new Meta.Run(place, bytes.capacity(), SystemTables.checksum(bytes));
  }

  /// The bitmap's own places are part of it.
  private Meta.Run bitmap() {
    int count = (int) ((places.end() / 8 + PAGE) >>> 12) + 1;
    long place = take(count);
    ByteBuffer bytes = ByteBuffer.allocate(count << 12).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(places.reachable());
    file.write(bytes.rewind(), place << 12);
    return new Meta.Run(place, bytes.capacity(), SystemTables.checksum(bytes));
  }

  private long take(int count) {
    long place = places.allocate(count);
    places.reach(place, count);
    return place;
  }
}
