package dev.quarry.storage.page;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.memory.Buffers;
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
  final NodeReader nodes;
  private volatile @Nullable Buffers buffers;

  PageReader(NodeReader nodes) {
    this.nodes = nodes;
    this.frames = nodes.frames;
    this.file = nodes.file;
  }

  /// The page table of a space. Resolve it once per cursor, then look pages up in it.
  ///
  /// @param space its id, or [#NO_SPACE]
  /// @throws CorruptPageException if there is no such space
  public final PageTable table(int space) {
    if (space == NO_SPACE) {
      return PageTable.fixed(nodes, NOTHING);
    }
    Space found = existing(space);
    return this instanceof PageTransaction transaction
        ? PageTable.changing(transaction, space)
        : found.table(nodes);
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
      buffers = null;
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
    return nodes.leaf(space, page);
  }

  final long resolve(Space space, Node leaf, long page) {
    return nodes.resolve(space, leaf, page);
  }

  final @Nullable Node root(Space space) {
    return nodes.root(space);
  }

  final @Nullable Node child(Space space, Node parent, int level, long index) {
    return nodes.child(space, parent, level, index);
  }
}
