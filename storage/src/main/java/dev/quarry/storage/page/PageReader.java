package dev.quarry.storage.page;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Buffers;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import org.jspecify.annotations.Nullable;

/// Pages to read from: a pinned snapshot, or a transaction with its own writes.
///
/// Used by one thread at a time, whichever it is.
public abstract sealed class PageReader permits Snapshot, PageTransaction {
  /// The id of no space: it reads as a space without pages, and cannot be written.
  public static final int NO_SPACE = -1;

  /// Bytes of one of the [#buffers()].
  public static final int BUFFER = 1024;

  private static final Space NOTHING = new Space(NO_SPACE, 12, 0);

  final Frames frames;
  final @Nullable PageFile file;
  private volatile @Nullable Buffers buffers;

  PageReader(Frames frames, @Nullable PageFile file) {
    this.frames = frames;
    this.file = file;
  }

  /// The page table of a space. Resolve it once per cursor, then look pages up in it.
  ///
  /// @param space its id, or [#NO_SPACE]
  /// @throws CorruptPageException if there is no such space
  public final PageTable table(int space) {
    if (space == NO_SPACE) {
      return PageTable.fixed(this, NOTHING);
    }
    Space found = existing(space);
    return this instanceof PageTransaction transaction
        ? PageTable.changing(transaction, space)
        : PageTable.fixed(this, found);
  }

  /// Buffers for what is read in another form than it lies in pages. They end with this reader.
  public final Buffers buffers() {
    Buffers known = buffers;
    return known != null ? known : makeBuffers();
  }

  private synchronized Buffers makeBuffers() {
    Buffers known = buffers;
    if (known == null) {
      known = frames.buffers(BUFFER, this instanceof PageTransaction);
      buffers = known;
    }
    return known;
  }

  /// Nothing is read any more.
  final void closeBuffers() {
    Buffers known = buffers;
    if (known != null) {
      known.close();
    }
  }

  /// Whether there is such a space.
  public final boolean hasSpace(int space) {
    return space(space) != null;
  }

  /// One more than the highest space id.
  public abstract int spaceCount();

  /// The commit that this shows; of a transaction, the one it began on.
  public abstract long commitNumber();

  /// What the layer above attached to this version.
  public abstract @Nullable Object attachment();

  abstract @Nullable Space space(int id);

  final Space existing(int id) {
    Space space = space(id);
    if (space == null) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "space " + id + " does not exist in this state of the store",
          "run `quarry check`");
    }
    return space;
  }

  /// The leaf above a page, loaded if need be; null if there is none.
  @Nullable Node leaf(Space space, long page) {
    if (page < 0 || page >= space.pageCount()) {
      return null; // also where damage leads
    }
    Node node = root(space);
    for (int level = space.height(); level > 1 && node != null; level--) {
      node = child(space, node, level, page >>> 8 * (level - 1));
    }
    return node;
  }

  /// The address of a page whose entry is no address: absent, spilled, or not verified yet.
  final long resolve(Space space, Node leaf, long page) {
    int i = (int) page & 255;
    long entry = leaf.entries[i];
    if ((entry & 1) != 0) {
      return entry & Node.ADDRESS_MASK;
    }
    if (entry == 0) {
      return frames.zeros();
    }
    PageFile pages = fileOf(space);
    Sched.point(Point.RESOLVE);
    long image = leaf.imageOf(i);
    if (image == 0) {
      return pages.address(Node.place(entry));
    }
    long address =
        pages.verified(
            space.id(),
            0,
            page,
            Node.place(entry),
            space.pageBytes(),
            NodeImage.checksum(image, i),
            NodeImage.birth(image, i));
    Sched.point(Point.RESOLVE);
    if (leaf.entries[i] == entry) {
      leaf.verified(i, address);
    }
    return address;
  }

  /// The root of a space's table, loaded if need be; null if the space is empty.
  final @Nullable Node root(Space space) {
    Node root = space.root();
    if (root == null && space.rootPlace() != 0) {
      int level = space.height();
      long image =
          fileOf(space)
              .verified(
                  space.id(),
                  level,
                  0,
                  space.rootPlace(),
                  NodeImage.BYTES,
                  space.rootChecksum(),
                  space.rootBirth());
      root = Node.ofImage(level == 1, image);
      space.root(root);
    }
    return root;
  }

  /// A child of an inner node, loaded if need be; null if it is absent.
  ///
  /// @param level the height of `parent` above the pages, at least 2
  /// @param index which child of that level it is, counted over the whole space
  final @Nullable Node child(Space space, Node parent, int level, long index) {
    int i = (int) index & 255;
    Node child = parent.child(i);
    if (child != null || parent.entries[i] == 0) {
      return child;
    }
    Sched.point(Point.RESOLVE);
    long image = parent.durable();
    long childImage =
        fileOf(space)
            .verified(
                space.id(),
                level - 1,
                index,
                Node.place(parent.entries[i]),
                NodeImage.BYTES,
                NodeImage.checksum(image, i),
                NodeImage.birth(image, i));
    child = Node.ofImage(level == 2, childImage);
    parent.loaded(i, child);
    return child;
  }

  private PageFile fileOf(Space space) {
    if (file == null) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "space " + space.id() + " has a place in a file, but this store has none");
    }
    return file;
  }
}
