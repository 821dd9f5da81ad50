package dev.quarry.storage.page;

import org.jspecify.annotations.Nullable;

/// Walks one space of a snapshot and tells where its pages and nodes lie in the file: a node before
/// what is below it, and pages in order. What a checkpoint has still to write lies nowhere yet.
///
/// Nodes that nobody has loaded stay unloaded. Readers, the writer and checkpoints go on meanwhile.
/// Used by one thread.
public final class PlaceWalk {
  /// Is told what lies where.
  public interface Visitor {
    /// A page or a node.
    ///
    /// @param level 0 for a page, else that of the node
    /// @param index which page, or which node of its level
    /// @return whether to go on
    boolean at(int level, long index, long place);
  }

  private final Snapshot snapshot;
  private final Space space;
  private final long from;
  private final Visitor visitor;

  private PlaceWalk(Snapshot snapshot, Space space, long from, Visitor visitor) {
    this.snapshot = snapshot;
    this.space = space;
    this.from = from;
    this.visitor = visitor;
  }

  /// Walks a space; nothing happens if there is no such space.
  ///
  /// @param from the first page; nodes above it are told again
  /// @return whether it came to the end
  public static boolean run(Snapshot snapshot, int space, long from, Visitor visitor) {
    Space walked = snapshot.space(space);
    return walked == null || new PlaceWalk(snapshot, walked, from, visitor).root();
  }

  private boolean root() {
    Node root = space.root();
    int height = space.height();
    boolean isWritten = root == null || !root.anyDirty();
    if (isWritten && space.rootPlace() != 0 && !visitor.at(height, 0, space.rootPlace())) {
      return false;
    }
    if (root != null) {
      return node(root, height, 0);
    }
    return space.rootPlace() == 0
        || image(height, 0, space.rootPlace(), space.rootChecksum(), space.rootBirth());
  }

  /// What is below a node in memory.
  private boolean node(Node node, int level, long index) {
    snapshot.ensureOpen();
    for (int i = 0; i < Node.FANOUT; i++) {
      long child = index << 8 | i;
      if (isBefore(level, child)) {
        continue;
      }
      Node loaded = level == 1 ? null : node.child(i);
      long image = node.imageOf(i);
      long place = image == 0 ? 0 : NodeImage.place(image, i);
      if (place != 0 && !visitor.at(level - 1, child, place)) {
        return false;
      }
      boolean goesOn =
          loaded != null
              ? node(loaded, level - 1, child)
              : place == 0 || level == 1 || below(image, i, level, child);
      if (!goesOn) {
        return false;
      }
    }
    return true;
  }

  private boolean below(long image, int i, int level, long child) {
    return image(
        level - 1,
        child,
        NodeImage.place(image, i),
        NodeImage.checksum(image, i),
        NodeImage.birth(image, i));
  }

  /// What is below a node that nobody has loaded.
  private boolean image(int level, long index, long place, int checksum, long birth) {
    snapshot.ensureOpen();
    long image = file().verified(space.id(), level, index, place, NodeImage.BYTES, checksum, birth);
    for (int i = 0; i < Node.FANOUT; i++) {
      long child = index << 8 | i;
      long childPlace = NodeImage.place(image, i);
      if (childPlace == 0 || isBefore(level, child)) {
        continue;
      }
      if (!visitor.at(level - 1, child, childPlace)
          || level > 1 && !below(image, i, level, child)) {
        return false;
      }
    }
    return true;
  }

  /// Whether a child of a node of a level has only pages before the first one.
  private boolean isBefore(int level, long child) {
    return child + 1 << 8 * (level - 1) <= from;
  }

  private PageFile file() {
    @Nullable PageFile file = snapshot.file;
    if (file == null) {
      throw new IllegalStateException("a store without a file has a place in one");
    }
    return file;
  }
}
