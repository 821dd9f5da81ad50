package dev.quarry.storage.page;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import org.jspecify.annotations.Nullable;

/// Walks the nodes of page tables, and loads those that are in the file only. It belongs to a
/// store, not to a version: what is found is what the space says. Threads: any.
public final class NodeReader {
  final Frames frames;
  final @Nullable PageFile file;

  /// @param file null for a store in memory
  public NodeReader(Frames frames, @Nullable PageFile file) {
    this.frames = frames;
    this.file = file;
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
  long resolve(Space space, Node leaf, long page) {
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
  @Nullable Node root(Space space) {
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
  @Nullable Node child(Space space, Node parent, int level, long index) {
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
