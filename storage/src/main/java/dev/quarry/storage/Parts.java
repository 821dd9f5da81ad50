package dev.quarry.storage;

import dev.quarry.storage.checkpoint.StoreFile;
import dev.quarry.storage.epoch.Pins;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.page.Frames;
import org.jspecify.annotations.Nullable;

/// What a store is made of in memory; all of it is there before its file is looked at.
record Parts(Budget budget, NativeMemory memory, Pins pins, Newest newest, Frames frames) {
  static Parts of(StoreOptions options) {
    Budget budget = Budget.root("store", options.memoryBytes());
    NativeMemory memory = new NativeMemory(budget, options.nativeMemory());
    Pins pins = new Pins();
    Newest newest = new Newest();
    Frames frames =
        new Frames(
            memory, budget.child("dirty pages"), budget.child("buffers"), pins, newest::epoch);
    return new Parts(budget, memory, pins, newest, frames);
  }

  /// Gives all of it back, and the file; nobody reads any more.
  void close(@Nullable StoreFile file) {
    frames.close(newest.get());
    if (file != null) {
      file.close();
    }
    memory.close();
  }
}
