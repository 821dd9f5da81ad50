package dev.quarry.storage;

import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.wal.Wal;

/// What only a store with a file has.
record OnDisk(
    StoreFile file, StoreLog log, Checkpoints checkpoints, Headroom headroom, Pacing pacing) {
  /// Leaves one file that says that it is whole, unless nothing was written or the store is
  /// poisoned; then what is there stays as it is.
  void close(Faults faults, Readers readers) {
    log.awaitPrepared();
    checkpoints.end();
    Wal wal = log.wal();
    if (wal == null || faults.poisoned()) {
      return;
    }
    faults.scoped(() -> checkpoints.write(checkpoints.begin(wal, true)));
    checkpoints.handOver();
    if (readers.none()) {
      file.shrink();
    }
    log.delete();
    headroom.release();
  }
}
