package dev.quarry.storage.page;

import dev.quarry.error.CorruptPageException;
import org.jspecify.annotations.Nullable;

/// Walks all pages of one space of a snapshot in order, and compares each page that lies in the
/// file with its parent's checksum once more, whether it was verified before or not.
///
/// Nodes that nobody has loaded stay unloaded, so that a walk over a whole store takes no heap.
/// Readers, the writer and checkpoints go on meanwhile. Used by one thread.
public final class PageWalk {
  /// Is told what is there.
  public interface Visitor {
    /// A page that is as its parent says.
    void page(long page, long address);

    /// A page, or a node and all below it, is damaged.
    ///
    /// @param firstPage the first page that cannot be reached
    /// @param pages how many pages the damaged part has room for; 1 for a page itself
    void damaged(CorruptPageException what, long firstPage, long pages);
  }

  private final Snapshot snapshot;
  private final Space space;
  private final Visitor visitor;

  private PageWalk(Snapshot snapshot, Space space, Visitor visitor) {
    this.snapshot = snapshot;
    this.space = space;
    this.visitor = visitor;
  }

  /// Walks a space; nothing happens if there is no such space.
  public static void run(Snapshot snapshot, int space, Visitor visitor) {
    Space walked = snapshot.space(space);
    if (walked != null) {
      new PageWalk(snapshot, walked, visitor).root();
    }
  }

  private void root() {
    Node root = space.root();
    if (root != null) {
      node(root, space.height(), 0);
    } else if (space.rootPlace() != 0) {
      below(space.height(), 0, space.rootPlace(), space.rootChecksum(), space.rootBirth());
    }
  }

  private void node(Node node, int level, long index) {
    snapshot.ensureOpen();
    for (int i = 0; i < Node.FANOUT; i++) {
      long child = index << 8 | i;
      long entry = node.entries[i];
      Node loaded = level == 1 ? null : node.child(i);
      if (loaded != null) {
        node(loaded, level - 1, child);
      } else if (Node.isFrame(entry)) {
        visitor.page(child, Node.address(entry));
      } else if (entry != 0) {
        clean(node, i, level, child, entry);
      }
    }
  }

  private void clean(Node node, int i, int level, long child, long entry) {
    long image = node.imageOf(i);
    PageFile file = file();
    if (image == 0) {
      visitor.page(child, file.address(Node.place(entry))); // spilled, and not checkpointed yet
    } else {
      entry(image, i, level, child);
    }
  }

  /// One entry of a durable image.
  private void entry(long image, int i, int level, long child) {
    long place = NodeImage.place(image, i);
    int checksum = NodeImage.checksum(image, i);
    long birth = NodeImage.birth(image, i);
    if (place != 0) {
      below(level - 1, child, place, checksum, birth);
    }
  }

  /// A page, or a node that nobody has loaded.
  private void below(int level, long index, long place, int checksum, long birth) {
    int bytes = level == 0 ? space.pageBytes() : NodeImage.BYTES;
    long address;
    try {
      address = file().verified(space.id(), level, index, place, bytes, checksum, birth);
    } catch (CorruptPageException e) {
      visitor.damaged(e, index << 8 * level, 1L << 8 * level);
      return;
    }
    if (level == 0) {
      visitor.page(index, address);
      return;
    }
    snapshot.ensureOpen();
    for (int i = 0; i < Node.FANOUT; i++) {
      entry(address, i, level, index << 8 | i);
    }
  }

  private PageFile file() {
    @Nullable PageFile file = snapshot.file;
    if (file == null) {
      throw new IllegalStateException("a store without a file has a place in one");
    }
    return file;
  }
}
