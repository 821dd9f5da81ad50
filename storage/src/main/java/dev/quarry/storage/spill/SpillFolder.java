package dev.quarry.storage.spill;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreClosedException;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.memory.Budget;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Where the spill files of one open store lie (rule S28). It is made with the first of them.
///
/// ```text
/// x.quarry-tmp/rows-1              beside a store that is open for writing, whose lock covers it
/// quarry-spill-3f0c…-tmp/rows-1    among those of others: in a temporary folder
/// quarry-spill-3f0c…-lock          held as long as that folder is used
/// ```
///
/// What a killed process left beside a store goes at the next opening, which has the store's lock.
/// Among those of others a folder goes whose lock nobody holds, when the next one is made there.
///
/// Invariant: [#usedBytes()] is the sum of the bytes of all open files, and at most the limit.
/// Threads: any.
public final class SpillFolder implements AutoCloseable {
  private static final String SHARED_PREFIX = "quarry-spill-";
  private static final String SUFFIX = "-tmp";

  private final Disk disk;
  private final Path folder;
  private final @Nullable Path lockFile;
  private final Budget account;
  private final Set<SpillFile> open = new LinkedHashSet<>();
  private final AtomicLong written = new AtomicLong();
  private @Nullable DiskLock lock;
  private long files;
  private boolean made;
  private boolean closed;

  private SpillFolder(Disk disk, Path folder, @Nullable Path lockFile, long limitBytes) {
    this.disk = disk;
    this.folder = folder;
    this.lockFile = lockFile;
    this.account = Budget.root("spill files", limitBytes);
  }

  /// The folder beside a store whose lock for writing is held. Removes what is in it.
  public static SpillFolder beside(Disk disk, Path store, long limitBytes) {
    Path folder = store.resolveSibling(store.getFileName() + SUFFIX);
    remove(disk, folder);
    return new SpillFolder(disk, folder, null, limitBytes);
  }

  /// A folder of its own among those of others.
  public static SpillFolder within(Disk disk, Path parent, long limitBytes) {
    String name = SHARED_PREFIX + UUID.randomUUID();
    return new SpillFolder(
        disk, parent.resolve(name + SUFFIX), parent.resolve(name + "-lock"), limitBytes);
  }

  /// A new file. Close it.
  ///
  /// @throws StoreIoException if it cannot be made
  public synchronized SpillFile newFile() {
    if (closed) {
      throw storeClosed();
    }
    make();
    Path path = folder.resolve("rows-" + ++files);
    SpillFile file = new SpillFile(this, disk.open(path, true, true));
    open.add(file);
    return file;
  }

  private void make() {
    if (made) {
      return;
    }
    if (lockFile != null) {
      removeAbandoned(lockFile);
      lock = disk.lock(lockFile);
    }
    disk.createDirectories(folder);
    made = true;
  }

  /// Removes the folders of processes that are gone.
  private void removeAbandoned(Path own) {
    Path parent = own.getParent();
    disk.createDirectories(parent);
    for (Path other : disk.list(parent, SHARED_PREFIX)) {
      String name = String.valueOf(other.getFileName());
      if (!name.endsWith(SUFFIX)) {
        continue;
      }
      String lockName = name.substring(0, name.length() - SUFFIX.length()) + "-lock";
      try (DiskLock abandoned = disk.lock(parent.resolve(lockName))) {
        remove(disk, other);
      } catch (StoreException inUse) {
        // it belongs to somebody, or to another user
      }
    }
  }

  /// Bytes of all files.
  public long usedBytes() {
    return account.used();
  }

  /// Bytes that were ever written to files of this folder.
  public long writtenBytes() {
    return written.get();
  }

  Disk disk() {
    return disk;
  }

  void reserve(long bytes) {
    if (!account.tryReserve(bytes)) {
      throw new MemoryBudgetException(
          ErrorCode.MEMORY_BUDGET,
          "the spill files of the store are at their limit: asked for %,d bytes, %,d of %,d are in"
                  .formatted(bytes, account.used(), account.limit())
              + " use",
          "give them more room when the store is opened, or do the work in smaller parts");
    }
    written.addAndGet(bytes);
  }

  void ended(SpillFile file, long bytes) {
    account.release(bytes);
    synchronized (this) {
      open.remove(file);
    }
  }

  static StoreClosedException storeClosed() {
    return new StoreClosedException(ErrorCode.STORE_CLOSED, "the store is closed", "open it again");
  }

  /// Takes all files away, also from those who still use them, and the folder. Idempotent.
  @Override
  public void close() {
    List<SpillFile> left;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      left = List.copyOf(open);
    }
    left.forEach(SpillFile::close);
    if (made || lockFile == null) {
      remove(disk, folder);
    }
    if (lock != null) {
      lock.close();
    }
  }

  /// Removes a folder and the files in it, as far as that is possible.
  private static void remove(Disk disk, Path folder) {
    try {
      for (Path file : disk.list(folder, "")) {
        disk.delete(file);
      }
      disk.delete(folder);
    } catch (StoreIoException left) {
      // What cannot be removed does no harm; the next opening tries again.
    }
  }
}
