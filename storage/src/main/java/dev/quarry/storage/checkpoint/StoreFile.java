package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.Handover;
import dev.quarry.storage.page.NodeImage;
import dev.quarry.storage.page.PageFile;
import dev.quarry.storage.page.Space;
import dev.quarry.storage.page.Version;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The file of one store: opened, checkpointed, closed.
///
/// A checkpoint, in order: dirty pages and the nodes above them to free places; the space table and
/// the bitmap of used places; a barrier; a meta block in place of the older one; a barrier. Only
/// then do the nodes in memory change, when it is handed over. If anything fails before, the older
/// state is as it was.
///
/// Threads: one checkpoint at a time, from its beginning to its handover; all but [#write] under
/// the writer's lock. Readers use [#pages()].
public final class StoreFile implements AutoCloseable {
  static final int RESERVED = 2;
  private static final int SLACK = 4096;

  private final Disk disk;
  private final DiskFile file;
  private final EarlyBarriers barriers;
  private final Places places;
  private final FilePages pages;
  private final NativeMemory memory;
  private final Budget account;
  private volatile Meta meta;
  private volatile long bytesWritten;
  private boolean halved; // whether only one of the two meta blocks is whole
  private volatile int mended = -1; // the damaged meta block of a closed store, written again
  private boolean closed;

  private StoreFile(
      Disk disk,
      DiskFile file,
      EarlyBarriers barriers,
      Places places,
      FilePages pages,
      NativeMemory memory,
      Budget account,
      Meta meta) {
    this.disk = disk;
    this.file = file;
    this.barriers = barriers;
    this.places = places;
    this.pages = pages;
    this.memory = memory;
    this.account = account;
    this.meta = meta;
  }

  /// Makes an empty store: written under another name, forced, and then moved to its own.
  public static void create(Disk disk, Path path, UUID uuid) {
    Path temporary = path.resolveSibling(path.getFileName() + "-new");
    disk.delete(temporary);
    try {
      writeEmpty(disk, temporary, uuid);
      disk.rename(temporary, path);
      disk.forceDirectory(folder(path));
    } catch (StoreIoException e) {
      remove(disk, temporary, e);
      remove(disk, path, e); // else it would be taken for a store whose name is durable
      throw e;
    }
  }

  private static void writeEmpty(Disk disk, Path path, UUID uuid) {
    try (DiskFile file = disk.open(path, true, true)) {
      file.truncate(0);
      Meta empty =
          new Meta(
              Meta.VERSION,
              true,
              Meta.Features.NONE,
              uuid,
              0,
              0,
              1,
              0,
              0,
              RESERVED,
              Meta.Run.NONE,
              Meta.Run.NONE);
      empty.write(file);
      empty.withSequence(1).write(file);
      file.force();
    }
  }

  private static void remove(Disk disk, Path path, StoreIoException cause) {
    try {
      disk.delete(path);
    } catch (StoreIoException left) {
      cause.addSuppressed(left); // the next creation removes it
    }
  }

  /// Opens the file at the newest state that is whole.
  ///
  /// @throws StoreOpenException if it is no store, of another format, or damaged
  public static StoreFile open(
      Disk disk, Path path, boolean write, NativeMemory memory, Budget account, Pins pins) {
    DiskFile file = disk.open(path, false, write);
    try {
      Meta[] newestFirst = metas(file, write);
      Meta meta = newestFirst[0];
      Places places = new Places(pins, RESERVED);
      EarlyBarriers barriers = new EarlyBarriers(disk, file);
      FilePages pages = new FilePages(file, barriers, places, meta.uuid());
      StoreFile opened = new StoreFile(disk, file, barriers, places, pages, memory, account, meta);
      opened.halved = newestFirst[0] == newestFirst[1];
      if (write) {
        opened.restorePlaces(newestFirst[1]);
      }
      pages.open();
      return opened;
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// Opens the file read-only at the state of one of its meta blocks, for salvage.
  ///
  /// @param state 0 for the newest that is whole, 1 for the other one
  /// @throws StoreOpenException if it is no store, of another format, or has no such state
  public static StoreFile openState(
      Disk disk, Path path, int state, NativeMemory memory, Budget account, Pins pins) {
    DiskFile file = disk.open(path, false, false);
    try {
      Meta meta = metas(file, false)[state];
      Places places = new Places(pins, RESERVED);
      EarlyBarriers barriers = new EarlyBarriers(disk, file);
      FilePages pages = new FilePages(file, barriers, places, meta.uuid());
      pages.open();
      return new StoreFile(disk, file, barriers, places, pages, memory, account, meta);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  /// How many of the two meta blocks are whole.
  public int wholeMetaBlocks() {
    int whole = 0;
    for (int number = 0; number < 2; number++) {
      whole += Meta.read(file, number, false) == null ? 0 : 1;
    }
    return whole;
  }

  /// The newest durable meta block.
  public Meta meta() {
    return meta;
  }

  public PageFile pages() {
    return pages;
  }

  /// Who is told if a page cannot be read that could be before, from any thread.
  public void onFault(Consumer<CorruptPageException> listener) {
    pages.onFault(listener);
  }

  /// The typed error of a fault in a map of the file.
  ///
  /// @throws InternalError if it is another one
  public CorruptPageException faulted(InternalError error) {
    return pages.faulted(error, "through its map");
  }

  /// The state that the newest meta block refers to.
  public Version load() {
    @Nullable Space[] spaces =
        meta.spaceTable().bytes() == 0
            ? new Space[Version.FIRST_FREE]
            : SystemTables.spaces(file, meta.spaceTable());
    return new Version(meta.epoch(), meta.commitNumber(), spaces, null, List.of());
  }

  /// Writes a version and makes it the durable one. Transactions may go on meanwhile.
  ///
  /// @param clean whether no log belongs to it
  /// @return what is still to be handed over, by [#handOver]
  public Handover write(
      Version version, boolean clean, long incarnation, long walLsn, Frames frames) {
    pages.ensureWhole();
    long buffer = memory.allocateFrame(NodeImage.BYTES, account, false);
    Handover handover = new Handover(version, frames);
    SpaceWriter writer = new SpaceWriter(pages, places, handover, buffer);
    places.begin(version.epoch());
    try {
      for (Space dropped : version.dropped()) {
        writer.free(dropped);
      }
      for (Space space : version.spaces()) {
        if (space != null) {
          writer.write(space);
        }
      }
      freeRun(meta.spaceTable());
      freeRun(meta.bitmap());
      Meta.Run table = writeRun(writer, SystemTables.spaceTable(handover.written()));
      Meta.Run bitmap = writeBitmap(writer);
      Memory.awaitFaults(); // what was read is a part of what was written
      barriers.barrier();
      Meta next =
          new Meta(
              Meta.VERSION,
              clean,
              meta.features(),
              meta.uuid(),
              meta.sequence() + 1,
              incarnation,
              version.epoch() + 1,
              version.commitNumber(),
              walLsn,
              places.end(),
              table,
              bitmap);
      next.write(file);
      barriers.barrier();
      meta = next;
      bytesWritten += writer.placesWritten() << 12;
    } catch (RuntimeException | Error e) {
      places.undoFrees(); // first, since damage may free what was just taken
      writer.undo();
      throw e;
    } finally {
      memory.freeFrame(buffer, NodeImage.BYTES, account);
    }
    return handover;
  }

  /// Makes the newest version, and all that is made of it from now on, agree with what was written.
  ///
  /// @param confirmed whether both meta blocks hold it, so that none reaches what it freed
  /// @param epoch the number that the newest version has from now on
  /// @return the newest version under that number
  public Version handOver(Handover handover, boolean confirmed, Version newest, long epoch) {
    Version after = handover.toNewest(newest, epoch);
    long death = newest.epoch() + 1;
    places.checkpointEnded(death, newest.epoch());
    if (confirmed) {
      places.checkpointEnded(death, newest.epoch());
    }
    return after;
  }

  /// Makes sure that the newest meta block is on the disk, not only in the cache of a system that
  /// failed to write it and forgot so. If this write is torn, then the other block still holds the
  /// state before, whose log is there, or the same one. If the other one is damaged, it is the one
  /// that is written: so one of them is whole at any time.
  public void reassert() {
    if (halved) {
      confirm();
    } else {
      meta.write(file);
      barriers.barrier();
    }
  }

  /// Writes the newest meta block over the other one if that is damaged, so that both hold it. Only
  /// once it is certain that the state is the newest one: the damaged block may have been newer.
  /// [#mended] and [#verify] tell it from then on, since the file does not show it any more.
  public void mend() {
    if (halved) {
      confirm();
      mended = (int) (meta.sequence() & 1);
    }
  }

  /// What was damaged when the store was opened and is whole again, in words; null if nothing was.
  public @Nullable String mended() {
    return mended < 0
        ? null
        : Meta.nameOf(mended)
            + " was damaged when the store was opened, and was written again from the other one,"
            + " which holds the same state; check the disk";
  }

  /// Whether only one of the two meta blocks is whole.
  public boolean isHalved() {
    return halved;
  }

  /// Whether the file still begins with the newest meta block that is known here: nobody else has
  /// written to it since it was opened.
  public boolean isNewest() {
    for (int number = 0; number < 2; number++) {
      Meta other = Meta.read(file, number, false);
      if (other != null && other.sequence() > meta.sequence()) {
        return false;
      }
    }
    return true;
  }

  /// Writes the newest meta block once more, over the other one, so that both hold it. Only then
  /// may a log go that the state before needs.
  public void confirm() {
    Meta again = meta.withSequence(meta.sequence() + 1);
    again.write(file);
    barriers.barrier();
    meta = again;
    halved = false;
  }

  /// Verifies the state of a meta block from the file itself. Its places must be pinned. A meta
  /// block that was damaged when the store was opened is told although it is whole again.
  public void verify(Meta state, FileCheck.Sink sink) {
    String before = mended();
    if (before != null) {
      sink.problem(before);
    }
    try (Scratch bits = memory.scratch(account)) {
      new FileCheck(file, pages, state, bits, sink).run();
    }
  }

  /// Says in a meta block that a log belongs to this state from now on.
  ///
  /// @param newestEpoch the number of the newest published version
  public void markUnclean(long incarnation, long walLsn, long newestEpoch) {
    Meta next =
        new Meta(
            Meta.VERSION,
            false,
            meta.features(),
            meta.uuid(),
            meta.sequence() + 1,
            incarnation,
            meta.epoch(),
            meta.commitNumber(),
            walLsn,
            meta.placeCount(),
            meta.spaceTable(),
            meta.bitmap());
    next.write(file);
    barriers.barrier();
    meta = next;
    places.checkpointEnded(newestEpoch + 1, newestEpoch);
  }

  /// Cuts the file off after the last place in use. Only once nobody reads any more.
  public void shrink() {
    long end = places.shrink() << 12;
    barriers.await();
    pages.close();
    if (file.size() <= end) {
      return;
    }
    if (disk.canTruncateMapped()) {
      cut(file, end);
    } else {
      file.close();
      try (DiskFile unmapped = disk.open(file.path(), false, true)) {
        cut(unmapped, end);
      }
    }
  }

  private static void cut(DiskFile file, long end) {
    file.truncate(end);
    file.force();
  }

  /// Cuts the file off after the last place in use, while others read. No checkpoint is being
  /// written. On a system that cannot cut what is mapped nothing happens.
  public void cut() {
    if (disk.canTruncateMapped()) {
      pages.cut();
    }
  }

  /// Where there are holes for pages of a size, and which pages should go there.
  ///
  /// @param places of a page
  public FileLayout layout(int places) {
    return new FileLayout(this.places.busy(), places);
  }

  /// Has checkpoints write to the first free places from now on.
  public void fillHoles() {
    places.takeFirst();
  }

  /// Bytes up to the last place that must not be written to.
  public long usedEnd() {
    return places.usedEnd() << 12;
  }

  /// Bytes that all checkpoints have written since the file was opened.
  public long bytesWritten() {
    return bytesWritten;
  }

  public long sizeBytes() {
    return file.size();
  }

  /// Bytes that the newest state reaches.
  public long reachableBytes() {
    return places.reachableCount() << 12;
  }

  public Path path() {
    return file.path();
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      barriers.await();
      pages.close();
      file.close();
    }
  }

  private void freeRun(Meta.Run run) {
    if (run.place() != 0) {
      places.free(run.place(), run.places(), 0);
    }
  }

  private Meta.Run writeRun(SpaceWriter writer, ByteBuffer bytes) {
    int length = bytes.capacity();
    if (length == 0) {
      return Meta.Run.NONE;
    }
    long place = writer.take((length + 4095) >>> 12);
    file.write(bytes.rewind(), place << 12);
    return new Meta.Run(place, length, SystemTables.checksum(bytes));
  }

  /// The bitmap's own places are part of it: they are taken before it is copied. A transaction that
  /// spills meanwhile may push them further out than they were thought to lie; then more are taken.
  private Meta.Run writeBitmap(SpaceWriter writer) {
    long places = this.places.end();
    while (true) {
      int count = (int) ((((places + SLACK) >>> 3) + 4095) >>> 12);
      long place = writer.take(count);
      long[] bits = this.places.reachable();
      if (bits.length * 8L <= (long) count << 12) {
        ByteBuffer bytes = ByteBuffer.allocate(count << 12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(bits);
        file.write(bytes.rewind(), place << 12);
        return new Meta.Run(place, bytes.capacity(), SystemTables.checksum(bytes));
      }
      writer.giveBack();
      places = bits.length * 64L;
    }
  }

  private void restorePlaces(Meta other) {
    long[] newest = bitmap(meta);
    long[] older;
    try {
      older = other == meta ? newest : bitmap(other);
    } catch (RuntimeException e) {
      older = newest; // The older state is damaged: nothing can fall back to it.
    }
    places.restore(newest, older);
  }

  private long[] bitmap(Meta of) {
    return of.bitmap().bytes() == 0
        ? new long[] {(1L << RESERVED) - 1}
        : SystemTables.bitmap(file, of.bitmap());
  }

  private static Meta[] metas(DiskFile file, boolean write) {
    if (file.size() < 2L * Meta.BYTES || !Meta.looksLikeStore(file)) {
      throw new StoreOpenException(
          ErrorCode.STORE_NOT_A_STORE,
          file.path() + " is not a Quarry store",
          "check the path; to load a file into a store use `quarry load`");
    }
    Meta even = Meta.read(file, 0, write);
    Meta odd = Meta.read(file, 1, write);
    if (even == null && odd == null) {
      throw SystemTables.damaged(file, "neither of its two meta blocks is whole");
    }
    if (even == null || odd == null) {
      Meta only = even == null ? odd : even;
      return new Meta[] {only, only};
    }
    return even.sequence() > odd.sequence() ? new Meta[] {even, odd} : new Meta[] {odd, even};
  }

  static Path folder(Path path) {
    Path folder = path.toAbsolutePath().getParent();
    return folder == null ? path : folder;
  }
}
