package dev.quarry.storage.page;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.epoch.Retired;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Buffers;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The frames of one store: those in use, those that wait for their last reader, and one of zeros.
///
/// Threads: any; one lock, which no reader of pages takes.
public final class Frames {
  private static final int DOSE = 4;
  private static final int ZERO_BYTES = 1 << 16;

  private final NativeMemory memory;
  private final Budget account;
  private final Budget bufferAccount;
  private final Retired retired;
  private final Retired.Reclaimer reclaimer = this::free; // one, since each page takes it
  private final LongSupplier newestEpoch;
  private final Pins pins;
  private final Twins twins;
  private final Twins.Sink toRetired; // one, since each page may take it
  private final SpareEntries spareEntries;
  private volatile long zeros;
  private volatile long sealed;

  /// @param account what dirty pages are charged to
  /// @param bufferAccount what buffers of readers are charged to
  /// @param newestEpoch the number of the newest published version
  public Frames(
      NativeMemory memory,
      Budget account,
      Budget bufferAccount,
      Pins pins,
      LongSupplier newestEpoch) {
    this.memory = memory;
    this.account = account;
    this.bufferAccount = bufferAccount;
    this.pins = pins;
    this.retired = new Retired(pins);
    this.twins = new Twins(memory.budget().limit());
    this.spareEntries = new SpareEntries(pins);
    this.toRetired = (twin, birth, death) -> retired.retire(twin, Twins.PAGE_BYTES, birth, death);
    this.newestEpoch = newestEpoch;
  }

  /// A page of zeros, which stands for all pages that were never written. Read-only by agreement.
  public long zeros() {
    long address = zeros;
    return address != 0 ? address : makeZeros();
  }

  private synchronized long makeZeros() {
    if (zeros == 0) {
      zeros = memory.allocateFrame(ZERO_BYTES, account, true);
    }
    return zeros;
  }

  /// Seals all frames that a version reaches: they never change again. Called when a checkpoint of
  /// it begins, by the holder of the writer's lock.
  public void seal(Version version) {
    sealed = Math.max(sealed, version.epoch());
  }

  /// Whether a frame may still be written in place where no version shows it.
  boolean isOpen(long birth) {
    return birth > sealed;
  }

  /// Whether some reader has, or can still get, a version between the birth of a frame and `base`.
  boolean anyoneSees(long birth, Version base) {
    return newestEpoch.getAsLong() != base.epoch() || pins.anyIn(birth, base.epoch());
  }

  synchronized long allocate(int bytes, boolean zeroed) {
    retired.reclaim(DOSE, newestEpoch.getAsLong(), reclaimer);
    try {
      return memory.allocateFrame(bytes, account, zeroed);
    } catch (MemoryBudgetException e) {
      twins.clear(toRetired);
      retired.reclaim(retired.count(), newestEpoch.getAsLong(), reclaimer);
      return memory.allocateFrame(bytes, account, zeroed);
    }
  }

  /// Frees a frame that no other version ever saw.
  synchronized void free(long address, long bytes) {
    memory.freeFrame(address, (int) bytes, account);
  }

  /// For frames in use that a transaction is to replace, takes those whose twins are left and seen
  /// by nobody. The twins are to be brought up to date.
  synchronized void takeTwins(LineWrites writes) {
    for (int i = 0; i < writes.count(); i++) {
      takeTwin(writes, i);
    }
  }

  private void takeTwin(LineWrites writes, int i) {
    int cell = writes.replaced(i) == 0 ? -1 : twins.find(writes.replaced(i));
    if (cell >= 0) {
      Sched.point(Point.REUSE);
      long death = twins.death(cell);
      if (death <= newestEpoch.getAsLong() && !pins.anyIn(twins.birth(cell), death)) {
        writes.twin(i, twins.twin(cell), twins.lines(cell));
        twins.remove(cell);
      }
    }
  }

  /// Runs calls of this, which take the lock once.
  synchronized void together(Runnable calls) {
    calls.run();
  }

  /// Hands over a frame that versions in `[birth, death)` reach.
  public synchronized void retire(long address, int bytes, long birth, long death) {
    giveUpTwin(address);
    retired.retire(address, bytes, birth, death);
  }

  /// Hands over a frame of 4 KiB that versions in `[birth, death)` reach, and that differs in some
  /// lines only from the one that replaced it.
  synchronized void retireTwin(long address, long birth, long death, long newer, long lines) {
    giveUpTwin(address);
    twins.add(newer, address, birth, death, lines, toRetired);
  }

  private void giveUpTwin(long newer) {
    int cell = twins.find(newer);
    if (cell >= 0) {
      toRetired.accept(twins.twin(cell), twins.birth(cell), twins.death(cell));
      twins.remove(cell);
    }
  }

  /// An array for the entries of a copy of a node, which holds anything; null if there is none to
  /// be used again.
  synchronized long @Nullable [] spareEntries() {
    return spareEntries.take(newestEpoch.getAsLong());
  }

  /// Hands over nodes that no version from `death` on reaches.
  synchronized void retireNodes(List<Node> nodes, long death) {
    for (int i = 0; i < nodes.size(); i++) {
      spareEntries.add(nodes.get(i).entries, nodes.get(i).owner(), death);
    }
  }

  /// Reclaims all that can be.
  public synchronized void reclaimAll() {
    twins.clear(toRetired);
    retired.reclaim(retired.count(), newestEpoch.getAsLong(), reclaimer);
  }

  /// Buffers for one reader, who must close them.
  ///
  /// @param shared whether two threads may use them at once
  Buffers buffers(int bytes, boolean shared) {
    return new Buffers(memory.scratch(bufferAccount), bytes, shared);
  }

  /// What the whole store may use.
  long budgetBytes() {
    return memory.budget().limit();
  }

  /// Bytes in frames, those that wait included.
  public long usedBytes() {
    return account.used();
  }

  /// Bytes of frames that wait for their last reader.
  public synchronized long retiredBytes() {
    return retired.bytes() + twins.bytes();
  }

  /// The account of the frames.
  public Budget account() {
    return account;
  }

  /// What is wrong with the account while one version is all that anyone can see; null if it equals
  /// a walk over its frames, those that wait included, to the byte.
  public synchronized @Nullable String ledgerFault(Version only) {
    long walked = retiredBytes() + (zeros == 0 ? 0 : ZERO_BYTES);
    for (Space space : only.spaces()) {
      if (space != null && space.root() != null) {
        walked += bytesOf(space.root(), space.pageBytes());
      }
    }
    return walked == account.used()
        ? null
        : "the account `%s` has %d bytes, a walk over the frames finds %d"
            .formatted(account.name(), account.used(), walked);
  }

  private static long bytesOf(Node node, int pageBytes) {
    long bytes = 0;
    for (int i = 0; i < Node.FANOUT; i++) {
      if (node.leaf()) {
        bytes += Node.isFrame(node.entries[i]) ? pageBytes : 0;
      } else if (node.child(i) instanceof Node child) {
        bytes += bytesOf(child, pageBytes);
      }
    }
    return bytes;
  }

  /// Frees all frames of a version and all that wait; nobody may read any more.
  public synchronized void close(Version last) {
    twins.clear(toRetired);
    retired.reclaimAll(reclaimer); // a reader that begins right now has a pin, and reads nothing
    for (Space space : last.spaces()) {
      if (space != null && space.root() != null) {
        free(space.root(), space.pageBytes());
      }
    }
    if (zeros != 0) {
      free(zeros, ZERO_BYTES);
      zeros = 0;
    }
  }

  private void free(Node node, int pageBytes) {
    for (int i = 0; i < Node.FANOUT; i++) {
      if (node.leaf()) {
        if (Node.isFrame(node.entries[i])) {
          free(Node.address(node.entries[i]), pageBytes);
        }
      } else if (node.child(i) instanceof Node child) {
        free(child, pageBytes);
      }
    }
  }
}
