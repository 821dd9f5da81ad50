package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.Node;
import dev.quarry.storage.page.NodeImage;
import dev.quarry.storage.page.Space;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Verifies one durable state from the file itself, whatever is known of it in memory.
///
/// 1. Both meta blocks are whole, and so are the two system tables.
/// 2. Every page and every node agrees with the checksum that its parent keeps.
/// 3. Every place of the file is owned once: by a meta block, a system table, a node or a page.
///    What is owned is what the bitmap of used places says.
///
/// ```text
/// meta block ──► space table ──► roots ──► nodes ──► pages        each marks its places
///     └────────► bitmap of used places  ◄── compared ──┘
/// ```
///
/// Memory: a bit per place. Used by one thread, while the places of the state are pinned.
public final class FileCheck {
  private static final int PIECE = 1 << 16;
  private static final int META_TRIES = 5;

  private final DiskFile file;
  private final FilePages pages;
  private final Meta meta;
  private final Sink sink;
  private final long end;
  private final long owned;
  private long unmarked;
  private long unowned;

  /// Is told what is found.
  @FunctionalInterface
  public interface Sink {
    /// Something is wrong.
    void problem(String text);

    /// A page or node was read. What this throws ends the work; nothing happens unless said
    /// otherwise.
    default void page(int bytes) {}
  }

  FileCheck(DiskFile file, FilePages pages, Meta meta, Scratch bits, Sink sink) {
    this.file = file;
    this.pages = pages;
    this.meta = meta;
    this.sink = sink;
    this.end = Math.min(meta.placeCount(), file.size() >>> 12);
    this.owned = bits.allocateZeroed((end + 63 >>> 6) * 8);
  }

  void run() {
    metaBlocks();
    own(0, StoreFile.RESERVED, "a meta block");
    own(meta.spaceTable().place(), meta.spaceTable().places(), "the space table");
    own(meta.bitmap().place(), meta.bitmap().places(), "the bitmap of used places");
    boolean whole = spaces();
    if (whole) {
      bitmap();
    }
  }

  /// The writer may be writing one of them right now, so a torn one is looked at again.
  private void metaBlocks() {
    for (int number = 0; number < 2; number++) {
      for (int tries = 0; Meta.read(file, number, false) == null; tries++) {
        if (tries == META_TRIES) {
          sink.problem(
              Meta.nameOf(number)
                  + " is damaged; the other one is whole and in use, and whatever opens the store for"
                  + " writing writes this one again; check the disk");
          break;
        }
        try {
          Thread.sleep(2);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }
  }

  /// Whether every node could be read, so that what is owned is known.
  private boolean spaces() {
    @Nullable Space[] spaces = {};
    try {
      if (meta.spaceTable().bytes() != 0) {
        spaces = SystemTables.spaces(file, meta.spaceTable());
      }
    } catch (CorruptPageException e) {
      sink.problem(String.valueOf(e.getMessage()));
      return false;
    }
    boolean whole = true;
    for (Space space : spaces) {
      if (space != null && space.rootPlace() != 0) {
        long place = space.rootPlace();
        whole &= node(space, space.height(), 0, place, space.rootChecksum(), space.rootBirth());
      }
    }
    return whole;
  }

  private boolean node(Space space, int level, long index, long place, int checksum, long birth) {
    int bytes = level == 0 ? space.pageBytes() : NodeImage.BYTES;
    String name = (level == 0 ? "page " : "node ") + index + " of space " + space.id();
    if (!own(place, bytes >>> 12, name)) {
      return false; // nodes that many lead to would be walked over as often
    }
    long address;
    try {
      address = pages.verified(space.id(), level, index, place, bytes, checksum, birth);
    } catch (CorruptPageException e) {
      sink.problem(String.valueOf(e.getMessage()));
      return level == 0;
    }
    sink.page(bytes);
    if (birth > meta.epoch()) {
      sink.problem(
          "%s %d of space %d was born at %d, after the state that it belongs to, %d"
              .formatted(level == 0 ? "page" : "node", index, space.id(), birth, meta.epoch()));
    }
    boolean whole = true;
    for (int i = 0; level > 0 && i < Node.FANOUT; i++) {
      long child = NodeImage.place(address, i);
      if (child != 0) {
        long childIndex = index << 8 | i;
        if (level == 1 && childIndex >= space.pageCount()) {
          sink.problem(
              "page %d of space %d lies behind its end, %d pages"
                  .formatted(childIndex, space.id(), space.pageCount()));
        }
        whole &=
            node(
                space,
                level - 1,
                childIndex,
                child,
                NodeImage.checksum(address, i),
                NodeImage.birth(address, i));
      }
    }
    return whole;
  }

  /// Marks places, and says whether nobody owned them before.
  private boolean own(long from, int count, String owner) {
    boolean first = true;
    for (long place = from; place < from + count; place++) {
      if (place >= end) {
        sink.problem(
            "%s lies at place %d, behind the last one in use, %d".formatted(owner, place, end - 1));
        return false;
      }
      long word = owned + (place >>> 6) * 8;
      long bit = 1L << place;
      if ((Memory.getLong(word) & bit) != 0) {
        sink.problem(
            "place %d (offset %d) is owned twice: by %s and by something before it"
                .formatted(place, place << 12, owner));
        first = false;
      }
      Memory.putLong(word, Memory.getLong(word) | bit);
    }
    return first;
  }

  /// Compares what is owned with the bitmap, a piece at a time.
  private void bitmap() {
    Meta.Run run = meta.bitmap();
    try {
      SystemTables.ensureInside(file, run, "the bitmap of used places");
    } catch (CorruptPageException e) {
      sink.problem(String.valueOf(e.getMessage()));
      return;
    }
    CRC32C crc = new CRC32C();
    ByteBuffer piece = ByteBuffer.allocate(PIECE).order(ByteOrder.LITTLE_ENDIAN);
    for (int done = 0; done < run.bytes(); done += PIECE) {
      piece.clear().limit(Math.min(PIECE, run.bytes() - done));
      file.read(piece, (run.place() << 12) + done);
      piece.flip();
      crc.update(piece);
      piece.rewind();
      for (int at = 0; at + 8 <= piece.limit(); at += 8) {
        compare((done + at) * 8L, piece.getLong(at));
      }
    }
    for (long place = run.bytes() * 8L; place < end; place += 64) {
      // What lies behind the bitmap is not in use; before the first checkpoint there is none.
      compare(place, place == 0 ? (1L << StoreFile.RESERVED) - 1 : 0);
    }
    if (run.bytes() > 0 && (int) crc.getValue() != run.checksum()) {
      sink.problem(
          "the bitmap of used places failed its checksum: stored=%08x computed=%08x (offset %d)"
              .formatted(run.checksum(), (int) crc.getValue(), run.place() << 12));
    }
    if (unowned > 0) {
      sink.problem(unowned + " places are marked as used and belong to nobody");
    }
    if (unmarked > 0) {
      sink.problem(unmarked + " places are in use and not marked so");
    }
  }

  private void compare(long place, long marked) {
    long known = place < end ? Memory.getLong(owned + (place >>> 6) * 8) : 0;
    unmarked += Long.bitCount(known & ~marked);
    unowned += Long.bitCount(marked & ~known);
  }
}
