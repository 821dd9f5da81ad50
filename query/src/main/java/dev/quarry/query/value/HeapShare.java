package dev.quarry.query.value;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the values of one result may take of the Java heap: a quarter of it. The budget of a store
/// is native memory; what becomes Java objects is counted here, before it is made.
///
/// Sizes are estimates, of a JVM with compressed references.
public final class HeapShare {
  static final int REFERENCE = 4;
  static final int NUMBER = 24;
  static final int OBJECT = 48;
  static final int ENTRY = 48;

  private static final long MOST = Runtime.getRuntime().maxMemory() / 4;
  private static final long LONGEST_TEXT = Runtime.getRuntime().maxMemory() / 16;

  private long left = MOST;

  /// Takes bytes of the share.
  ///
  /// @throws MemoryBudgetException if it has fewer left
  public void take(long bytes) {
    left -= bytes;
    if (left < 0) {
      throw new MemoryBudgetException(
          ErrorCode.MEMORY_BUDGET,
          "the result needs more than %,d bytes of the Java heap, a quarter of it".formatted(MOST),
          "read the rows one at a time, with query(…) in a transaction, or give the JVM a larger heap");
    }
  }

  /// Takes what a string of some bytes of UTF-8 needs.
  void takeText(long bytes) {
    take(OBJECT + bytes);
  }

  /// Takes what the properties of a node or a relationship need, which are made already.
  void takeProperties(Map<String, ?> properties) {
    take(2L * OBJECT);
    properties.forEach((key, value) -> take(ENTRY + estimate(value)));
  }

  private static long estimate(@Nullable Object value) {
    return switch (value) {
      case String text -> OBJECT + text.length();
      case List<?> list -> {
        long bytes = OBJECT;
        for (Object element : list) {
          bytes += REFERENCE + estimate(element);
        }
        yield bytes;
      }
      case null -> 0;
      default -> NUMBER;
    };
  }

  /// Refuses to make a Java string of a text that would take much of the heap: what works on it
  /// needs several copies.
  static void requireText(long bytes) {
    if (bytes > LONGEST_TEXT) {
      throw new MemoryBudgetException(
          ErrorCode.MEMORY_BUDGET,
          "a string of %,d bytes is too long for the Java heap; the limit is %,d, a sixteenth of it"
              .formatted(bytes, LONGEST_TEXT),
          "work on parts of it, or give the JVM a larger heap");
    }
  }
}
