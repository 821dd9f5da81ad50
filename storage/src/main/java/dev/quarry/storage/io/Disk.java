package dev.quarry.storage.io;

import dev.quarry.storage.schedule.Sched;
import java.nio.file.Path;
import java.util.List;

/// The file system, as far as a store needs it. Threads: any.
///
/// Every failure is a [StoreIoException][dev.quarry.error.StoreIoException] that names the path.
public interface Disk {
  /// Opens a file for reading, and for writing if asked.
  ///
  /// @param create whether to make it if it is missing; implies `write`
  DiskFile open(Path path, boolean create, boolean write);

  boolean exists(Path path);

  /// Moves a file, atomically replacing another one.
  void rename(Path from, Path to);

  /// Deletes a file or an empty folder; nothing happens if it is missing.
  void delete(Path path);

  /// The files in a folder whose name begins with `prefix`, by name; none if there is no folder.
  List<Path> list(Path folder, String prefix);

  void createDirectories(Path folder);

  /// Makes the names in a folder durable: creations, renames and deletions.
  void forceDirectory(Path folder);

  /// Whether a file can be cut while it is mapped. Where not, its maps must go first.
  default boolean canTruncateMapped() {
    return true;
  }

  /// Whether names need a barrier of their own. Where not, the system makes them durable itself, in
  /// order, and [#forceDirectory] does nothing.
  default boolean canForceDirectory() {
    return true;
  }

  /// Whether a file that is open can be deleted, or replaced by another one.
  default boolean canReplaceOpen() {
    return true;
  }

  /// Takes the lock that is held on `lockFile` by at most one process for writing.
  ///
  /// @throws dev.quarry.error.StoreOpenException if it is held, naming the holder
  DiskLock lock(Path lockFile);

  /// Makes sure that nobody holds the lock on `lockFile` now, and writes nothing: for who reads
  /// only, also where nothing can be written. A file that a holder left when it died is no lock.
  ///
  /// @throws dev.quarry.error.StoreOpenException if it is held, naming the holder
  void ensureUnlocked(Path lockFile);

  /// Does work with files of a store beside the threads that use it. It raises nothing.
  ///
  /// @param name of a thread for it
  default void beside(String name, Runnable work) {
    Sched.start(name, work);
  }

  /// The disk of the machine.
  static Disk real() {
    return RealDisk.INSTANCE;
  }
}
