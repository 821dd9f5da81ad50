package dev.quarry.storage.memory;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Takes large native ranges from the JVM and gives them back.
interface ExtentSource {
  /// A range of at least this size, aligned to 4 KiB. Its bytes may be anything.
  Extent allocate(long bytes);

  /// The source that `choice` means in this JVM.
  ///
  /// @throws StoreOpenException if chronicle's stores are asked for, but the switches are missing
  static ExtentSource of(NativeSource choice) {
    boolean possible = Memory.ABSOLUTE && Boolean.getBoolean("quarry.launcher");
    return switch (choice) {
      case FOREIGN -> ExtentSource::foreign;
      case AUTO -> possible ? ChronicleExtents::allocate : ExtentSource::foreign;
      case CHRONICLE -> {
        if (!possible) {
          throw new StoreOpenException(
              ErrorCode.NATIVE_MEMORY_UNAVAILABLE,
              "nativeMemory = CHRONICLE needs native access and -Dquarry.launcher=true",
              "start the JVM with the switches of the launcher `quarry`, or use AUTO");
        }
        yield ChronicleExtents::allocate;
      }
    };
  }

  /// A foreign arena of its own for each extent: closing a shared one is costly, hence rare and
  /// large. Aligned to 4 KiB only, because the JDK pays for a larger alignment with as much memory.
  private static Extent foreign(long bytes) {
    if (SpareExtents.KEPT && bytes == Extent.BYTES) {
      return SpareExtents.take();
    }
    Arena arena = Arena.ofShared();
    try {
      MemorySegment segment = arena.allocate(bytes, 4096);
      return new Extent(Ranges.register(segment, true), bytes, arena::close);
    } catch (OutOfMemoryError e) {
      arena.close();
      throw Extent.outOfMemory(bytes, e);
    }
  }
}
