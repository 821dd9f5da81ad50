package dev.quarry.storage.checkpoint;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import java.nio.file.Path;
import java.util.function.Consumer;

/// A store that is made whole or not at all: it is written under another name, which begins with
/// its own, and moved to its own once it is durable. If anything fails, nothing is left.
public final class NewFile {
  private NewFile() {}

  /// Makes a store.
  ///
  /// @param target which must not exist
  /// @param writing is given the path to write to; what it leaves there is durable
  /// @throws StoreOpenException if there is a file at the target already, or a log of one
  public static void make(Disk disk, Path target, Consumer<Path> writing) {
    Path temporary = target.resolveSibling(target.getFileName() + "-new");
    ensureNoFile(disk, target); // told before the lock: it may be the store that is copied
    try (DiskLock lock = lock(disk, target)) {
      ensureFree(disk, target);
      remove(disk, temporary);
      try {
        writing.accept(temporary);
        disk.rename(temporary, target);
      } catch (RuntimeException | Error e) {
        remove(disk, temporary);
        throw e;
      }
      try {
        disk.forceDirectory(StoreFile.folder(target));
      } catch (RuntimeException e) {
        disk.delete(target);
        throw e;
      }
    }
  }

  private static DiskLock lock(Disk disk, Path target) {
    try {
      return disk.lock(target.resolveSibling(target.getFileName() + "-lock"));
    } catch (StoreIoException e) {
      throw new StoreOpenException(
          ErrorCode.STORE_PATH,
          "cannot make the store " + target + ": " + e.getMessage(),
          "check that its folder exists and can be written",
          e);
    }
  }

  private static void ensureFree(Disk disk, Path target) {
    ensureNoFile(disk, target);
    for (Path log : disk.list(StoreFile.folder(target), target.getFileName() + "-wal-")) {
      throw new StoreOpenException(
          ErrorCode.STORE_EXISTS,
          "there is a log " + log + ", which would lie beside the new store " + target,
          "give another path, or move that file away");
    }
  }

  private static void ensureNoFile(Disk disk, Path target) {
    if (disk.exists(target)) {
      throw new StoreOpenException(
          ErrorCode.STORE_EXISTS,
          "there is a file " + target + " already, and it is not overwritten",
          "give another path, or move that file away");
    }
  }

  /// Removes the file that was being written, with what lies beside it.
  private static void remove(Disk disk, Path temporary) {
    String name = String.valueOf(temporary.getFileName());
    for (Path path : disk.list(StoreFile.folder(temporary), name)) {
      disk.delete(path);
    }
  }
}
