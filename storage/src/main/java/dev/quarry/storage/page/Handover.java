package dev.quarry.storage.page;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// What a checkpoint wrote of one version, to be handed over to what became of it meanwhile.
///
/// ```text
///  version 7 ──────► checkpoint writes 7 … ──────────────► durable
///      │                                                     │ hand over
///      └─► 8 ─► 9 ─► 10 (newest)  ◄───────────────────────────┘
/// ```
///
/// A node of the newest version is that of the version that was written, or a later copy of it.
/// What it still has in common with it is clean: frames make way for places, and are retired. What
/// changed since is dirty, against the new image. Versions in between keep their frames until their
/// last reader has gone. The pages that later transactions replaced were retired by them.
///
/// Invariant: a frame is retired once, by whoever takes it from the newest version. Threads: the
/// writer's lock, while no transaction runs but one that takes over as well.
public final class Handover {
  private static final long ANYONE = -1;

  private record Root(Space space, long place, int checksum, long birth) {}

  private final Version version;
  private final Frames frames;
  private final List<Root> roots = new ArrayList<>();

  /// @param version the one that is written
  public Handover(Version version, Frames frames) {
    this.version = version;
    this.frames = frames;
  }

  /// Notes where the root of a space was written.
  public void root(Space space, long place, int checksum, long birth) {
    roots.add(new Root(space, place, checksum, birth));
  }

  /// The descriptors of all spaces as they are written.
  public @Nullable Space[] written() {
    @Nullable Space[] after = version.spaces().clone();
    for (Root root : roots) {
      after[root.space.id()] = durable(root);
    }
    return after;
  }

  /// The epoch of the version that was written.
  long epoch() {
    return version.epoch();
  }

  /// Takes all back: the checkpoint failed, perhaps in the middle of a space.
  public void cancel() {
    for (Space space : version.spaces()) {
      if (space != null) {
        forget(space.root());
      }
    }
  }

  /// Hands over to the newest version. Its readers keep the frames that make way.
  ///
  /// @param epoch its number from now on
  public Version toNewest(Version newest, long epoch) {
    long death = newest.epoch() + 1;
    for (Root root : roots) {
      Space later = heir(newest.spaces(), root.space);
      if (later != null) {
        int bytes = later.pageBytes();
        hand(root, later, ANYONE, (address, birth) -> frames.retire(address, bytes, birth, death));
      }
      forget(root.space.root());
    }
    return newest.checkpointed(epoch, stillDropped(newest.dropped(), newest.spaces()));
  }

  /// Hands over to what a transaction has of its own: before [#toNewest], which retires the frames
  /// and takes care of all that both share.
  ///
  /// @param own which of the spaces are the transaction's
  /// @param owner of its nodes
  void toTransaction(
      @Nullable Space[] spaces, Predicate<Space> own, long owner, List<Space> dropped) {
    for (Root root : roots) {
      Space later = heir(spaces, root.space);
      if (later != null && own.test(later)) {
        hand(root, later, owner, (address, birth) -> {});
      }
    }
    List<Space> still = stillDropped(dropped, spaces);
    dropped.clear();
    dropped.addAll(still);
  }

  private static @Nullable Space heir(@Nullable Space[] spaces, Space written) {
    Space later = written.id() < spaces.length ? spaces[written.id()] : null;
    return later != null && later.sameAs(written) ? later : null;
  }

  /// @param owner of the nodes that are handed to; [#ANYONE] for all of them
  private static void hand(Root root, Space later, long owner, Node.FrameConsumer common) {
    Node original = root.space.root();
    Node node = later.root();
    for (int level = later.height(); level > root.space.height() && node != null; level--) {
      node = node.child(0);
    }
    if (original != null && node != null) {
      hand(original, node, owner, common);
    }
    later.checkpointed(root.place, root.checksum, root.birth, root.space.height());
  }

  private static void hand(Node original, Node later, long owner, Node.FrameConsumer common) {
    if (original.written() == 0 || owner != ANYONE && later.owner() != owner) {
      return;
    }
    if (!original.leaf()) {
      for (int i = 0; i < Node.FANOUT; i++) {
        Node below = original.child(i);
        Node laterBelow = later.child(i);
        if (below != null && laterBelow != null) {
          hand(below, laterBelow, owner, common);
        }
      }
    }
    later.adopt(original, common);
  }

  /// Spaces that were dropped after the version that was written: what it wrote of them is to be
  /// freed by the next checkpoint.
  private List<Space> stillDropped(List<Space> dropped, @Nullable Space[] spaces) {
    List<Space> still = new ArrayList<>();
    for (Space space : dropped) {
      if (!version.dropped().contains(space) && rootOf(space) == null) {
        still.add(space);
      }
    }
    for (Root root : roots) {
      if (heir(spaces, root.space) == null) {
        still.add(durable(root));
      }
    }
    return still;
  }

  private @Nullable Root rootOf(Space space) {
    for (Root root : roots) {
      if (root.space.sameAs(space)) {
        return root;
      }
    }
    return null;
  }

  private static Space durable(Root root) {
    Space space = root.space;
    return Space.durable(
        space.id(),
        space.pageShift(),
        space.height(),
        space.pageCount(),
        root.place,
        root.checksum,
        root.birth);
  }

  private static void forget(@Nullable Node node) {
    if (node == null || node.written() == 0 && !node.anyDirty()) {
      return;
    }
    node.written(0);
    for (int i = 0; !node.leaf() && i < Node.FANOUT; i++) {
      forget(node.child(i));
    }
  }
}
