package dev.quarry.storage.checkpoint;

import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.Frames;
import dev.quarry.storage.page.Node;
import dev.quarry.storage.page.NodeImage;
import dev.quarry.storage.page.Space;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes what is dirty in some spaces, from the pages up, to free places; then, once a meta block
/// refers to it, makes the nodes in memory agree.
///
/// Until [#apply] nothing in memory changes, so that [#undo] leaves the old state as it was.
///
/// A node in memory is shared by all versions since the one that made it, and [#apply] lets it
/// refer to its image. So the birth of an image is that of its node, not of the checkpoint: else
/// its place could be reused under a reader that is older than the checkpoint.
final class SpaceWriter {
  private record Written(Node node, long image, int pageBytes) {}

  private record Root(Space space, long place, int checksum, long birth) {}

  private final FilePages file;
  private final Places places;
  private final long epoch;
  private final long buffer;
  private final List<Written> nodes = new ArrayList<>();
  private final List<Root> roots = new ArrayList<>();
  private final List<long[]> taken = new ArrayList<>();
  private final List<long[]> spilled = new ArrayList<>();
  private boolean rootKept;
  private long pages;

  /// @param epoch the death of what is replaced
  /// @param buffer 4 KiB to build images in
  SpaceWriter(FilePages file, Places places, long epoch, long buffer) {
    this.file = file;
    this.places = places;
    this.epoch = epoch;
    this.buffer = buffer;
  }

  /// Pages and nodes written.
  long pages() {
    return pages;
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
      places.free(space.rootPlace(), 1, space.rootBirth(), epoch);
    }
    roots.add(new Root(space, place, checksum, root.owner()));
  }

  /// The space table as it will be once this is applied.
  ByteBuffer tableOf(@Nullable Space[] spaces) {
    @Nullable Space[] after = spaces.clone();
    for (Root root : roots) {
      Space space = root.space;
      after[space.id()] =
          Space.durable(
              space.id(),
              space.pageShift(),
              space.height(),
              space.pageCount(),
              root.place,
              root.checksum,
              root.birth);
    }
    return SystemTables.spaceTable(after);
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
    places.free(space.rootPlace(), 1, space.rootBirth(), epoch);
  }

  /// The meta block is durable: frames make way for places.
  void apply(Frames frames) {
    for (Written written : nodes) {
      Node node = written.node;
      if (node.leaf()) {
        for (int i = 0; i < Node.FANOUT; i++) {
          if (node.isDirty(i) && Node.isFrame(node.entry(i))) {
            frames.retire(Node.address(node.entry(i)), written.pageBytes, node.birth(i), epoch);
          }
        }
      }
      node.checkpointed(written.image);
    }
    for (Root root : roots) {
      root.space.checkpointed(root.place, root.checksum, root.birth);
    }
  }

  /// Nothing durable refers to what was written.
  void undo() {
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
    nodes.add(new Written(node, file.address(place), space.pageBytes()));
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
      pages++;
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
    pages++;
  }

  /// Frees the place of a child that the old image refers to.
  private void freeOld(Space space, Node node, int level, int i) {
    long image = node.durable();
    if (image != 0 && NodeImage.place(image, i) != 0) {
      int count = level == 1 ? space.pageBytes() >>> 12 : 1;
      places.free(NodeImage.place(image, i), count, NodeImage.birth(image, i), epoch);
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
      places.free(place, level == 1 ? space.pageBytes() >>> 12 : 1, birth, epoch);
    }
  }
}
