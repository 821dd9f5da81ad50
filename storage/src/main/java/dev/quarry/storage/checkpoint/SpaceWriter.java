package dev.quarry.storage.checkpoint;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.Handover;
import dev.quarry.storage.page.Node;
import dev.quarry.storage.page.NodeImage;
import dev.quarry.storage.page.Space;
import java.util.ArrayList;
import java.util.List;

/// Writes what is dirty in some spaces, from the pages up, to free places.
///
/// Nothing that can be seen in memory changes: that is the business of the [Handover], which learns
/// where the roots are. [#undo] leaves the old state as it was. Transactions go on meanwhile: what
/// is written here does not change any more.
///
/// A node in memory is shared by all versions since the one that made it, and refers to its image
/// after the handover. So the birth of an image is that of its node, not of the checkpoint: else
/// its place could be reused under a reader that is older than the checkpoint.
final class SpaceWriter {
  private final FilePages file;
  private final Places places;
  private final Handover handover;
  private final long buffer;
  private final List<long[]> taken = new ArrayList<>();
  private final List<long[]> spilled = new ArrayList<>();
  private boolean rootKept;

  /// @param handover is told what was written
  /// @param buffer 4 KiB to build images in
  SpaceWriter(FilePages file, Places places, Handover handover, long buffer) {
    this.file = file;
    this.places = places;
    this.handover = handover;
    this.buffer = buffer;
  }

  /// Places of 4 KiB that were written.
  long placesWritten() {
    return taken.stream().mapToLong(run -> run[1]).sum();
  }

  void write(Space space) {
    Node root = space.root();
    if (root == null || !root.anyDirty()) {
      return;
    }
    rootKept = false;
    long place = writeNode(space, root, space.height(), 0);
    int checksum = nodeChecksum(space, root, space.height(), 0, place);
    if (space.rootPlace() != 0 && !rootKept) {
      places.free(space.rootPlace(), 1, space.rootBirth());
    }
    handover.root(space, place, checksum, root.owner());
  }

  /// Frees all places of a space that was dropped.
  void free(Space space) {
    long image =
        file.verified(
            space.id(),
            space.rootHeight(),
            0,
            space.rootPlace(),
            NodeImage.BYTES,
            space.rootChecksum(),
            space.rootBirth());
    freeBelow(space, image, space.rootHeight(), 0);
    places.free(space.rootPlace(), 1, space.rootBirth());
  }

  /// Nothing durable refers to what was written.
  void undo() {
    handover.cancel();
    for (long[] run : taken) {
      places.unreach(run[0], (int) run[1]);
      places.release(run[0], (int) run[1]);
    }
    for (long[] run : spilled) {
      places.unreach(run[0], (int) run[1]);
    }
  }

  /// Takes places for this checkpoint.
  long take(int count) {
    long place = file.allocate(count);
    places.reach(place, count);
    taken.add(new long[] {place, count});
    return place;
  }

  /// Gives back what was taken last.
  void giveBack() {
    long[] run = taken.removeLast();
    places.unreach(run[0], (int) run[1]);
    places.release(run[0], (int) run[1]);
  }

  /// Writes a node after all that is dirty below it, and returns its place.
  private long writeNode(Space space, Node node, int level, long index) {
    long place = take(1);
    int[] checksums = new int[Node.FANOUT];
    long[] childPlaces = new long[Node.FANOUT];
    long[] births = new long[Node.FANOUT];
    for (int i = 0; i < Node.FANOUT; i++) {
      if (!node.isDirty(i)) {
        continue;
      }
      long child = index << 8 | i;
      Node below = node.leaf() ? null : node.childInMemory(i);
      if (node.leaf()) {
        freeOld(space, node, level, i);
        writePage(space, node, i, child, checksums, childPlaces, births);
      } else if (below != null && below.anyDirty()) {
        freeOld(space, node, level, i);
        childPlaces[i] = writeNode(space, below, level - 1, child);
        checksums[i] = nodeChecksum(space, below, level - 1, child, childPlaces[i]);
        births[i] = below.owner();
      } else if (node.durable() != 0 && NodeImage.place(node.durable(), i) != 0) {
        childPlaces[i] = NodeImage.place(node.durable(), i);
        checksums[i] = NodeImage.checksum(node.durable(), i);
        births[i] = NodeImage.birth(node.durable(), i);
      } else if (below != null && below.durable() != 0) {
        // The table has grown: what was its root is now below a new one, unchanged.
        childPlaces[i] = space.rootPlace();
        checksums[i] = space.rootChecksum();
        births[i] = space.rootBirth();
        rootKept = true;
      }
    }
    writeImage(node, place, checksums, childPlaces, births);
    node.written(file.address(place));
    return place;
  }

  private void writePage(
      Space space,
      Node leaf,
      int i,
      long page,
      int[] checksums,
      long[] childPlaces,
      long[] births) {
    long entry = leaf.entry(i);
    if (entry == 0) {
      return;
    }
    births[i] = leaf.birth(i);
    if (Node.isFrame(entry)) {
      int bytes = space.pageBytes();
      long address = Node.address(entry);
      childPlaces[i] = take(bytes >>> 12);
      checksums[i] = file.checksum(space.id(), 0, page, address, bytes, births[i]);
      file.write(childPlaces[i], address, bytes);
    } else {
      childPlaces[i] = Node.place(entry); // spilled, hence written already
      checksums[i] = leaf.checksum(i);
      places.reach(childPlaces[i], space.pageBytes() >>> 12);
      spilled.add(new long[] {childPlaces[i], space.pageBytes() >>> 12});
    }
  }

  private void writeImage(
      Node node, long place, int[] checksums, long[] childPlaces, long[] births) {
    if (node.durable() != 0) {
      Memory.copy(node.durable(), buffer, NodeImage.BYTES);
    } else {
      Memory.fill(buffer, NodeImage.BYTES, (byte) 0);
    }
    for (int i = 0; i < Node.FANOUT; i++) {
      if (!node.isDirty(i)) {
        continue;
      }
      if (childPlaces[i] == 0) {
        NodeImage.clear(buffer, i);
      } else {
        NodeImage.put(buffer, i, checksums[i], childPlaces[i], births[i]);
      }
    }
    file.write(place, buffer, NodeImage.BYTES);
  }

  /// Frees the place of a child that the old image refers to.
  private void freeOld(Space space, Node node, int level, int i) {
    long image = node.durable();
    if (image != 0 && NodeImage.place(image, i) != 0) {
      int count = level == 1 ? space.pageBytes() >>> 12 : 1;
      places.free(NodeImage.place(image, i), count, NodeImage.birth(image, i));
    }
  }

  private int nodeChecksum(Space space, Node node, int level, long index, long place) {
    return file.checksum(
        space.id(), level, index, file.address(place), NodeImage.BYTES, node.owner());
  }

  private void freeBelow(Space space, long image, int level, long index) {
    for (int i = 0; i < Node.FANOUT; i++) {
      long place = NodeImage.place(image, i);
      if (place == 0) {
        continue;
      }
      long birth = NodeImage.birth(image, i);
      long child = index << 8 | i;
      if (level > 1) {
        long below =
            file.verified(
                space.id(),
                level - 1,
                child,
                place,
                NodeImage.BYTES,
                NodeImage.checksum(image, i),
                birth);
        freeBelow(space, below, level - 1, child);
      }
      places.free(place, level == 1 ? space.pageBytes() >>> 12 : 1, birth);
    }
  }
}
