package dev.quarry.graph.load;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.NativeMemory;
import java.nio.file.Path;

/// What sorting relationships may use.
///
/// @param account what memory is charged to
/// @param threads the most that work at once, at least 1
/// @param folder for sorted runs that memory has no room for
record SortResources(NativeMemory memory, Budget account, int threads, Disk disk, Path folder) {

  /// A file for sorted runs of one kind.
  RunFile runFile(String name, int recordBytes) {
    return new RunFile(memory, account, disk, folder.resolve(name), recordBytes);
  }

  Records newRecords(boolean isWide) {
    return new Records(memory, account, isWide);
  }
}
