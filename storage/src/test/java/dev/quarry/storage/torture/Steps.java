package dev.quarry.storage.torture;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.LiveRanges;
import dev.quarry.storage.simulation.SimDisk;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What is done to a hostile store, step by step: an error of Quarry's own ends one step, and
/// whatever happens, nothing is held at the end.
public final class Steps {
  private final SimDisk disk;
  private final int ranges = LiveRanges.count();
  private @Nullable QuarryException first;

  public Steps(SimDisk disk) {
    this.disk = disk;
  }

  /// Opens something, uses it in steps, closes it, and makes sure that it holds nothing.
  public <S extends AutoCloseable> void with(
      Supplier<S> open, Function<S, Budget> budget, BiConsumer<S, Consumer<Runnable>> use) {
    @Nullable S[] opened = opened();
    step(() -> opened[0] = open.get());
    S store = opened[0];
    if (store != null) {
      try {
        use.accept(store, this::step);
      } finally {
        step(() -> close(store));
      }
      long used = budget.apply(store).used();
      if (used != 0) {
        throw new Violation("after it was closed, the store holds " + used + " bytes", first);
      }
    }
    ensureNothingHeld();
  }

  @SuppressWarnings("unchecked")
  private static <S> @Nullable S[] opened() {
    return (S[]) new AutoCloseable[1];
  }

  /// A step that opens nothing, or closes what it opens.
  public void alone(Runnable step) {
    step(step);
    ensureNothingHeld();
  }

  private void step(Runnable step) {
    try {
      step.run();
    } catch (QuarryException e) {
      if (e.code() == ErrorCode.MEMORY_ACCESS) {
        throw new Violation("an access to memory that nobody gave out", e);
      }
      first = first == null ? e : first;
    }
  }

  private static void close(AutoCloseable store) {
    try {
      store.close();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new Violation("a close throws", e);
    }
  }

  private void ensureNothingHeld() {
    List<String> held = disk.held();
    int more = LiveRanges.count() - ranges;
    if (!held.isEmpty() || more != 0) {
      throw new Violation("after the end: " + held + ", native ranges: " + more, first);
    }
  }

  /// The code of the first error; `none` if there was none.
  public String first() {
    return first == null ? "none" : first.code().toString();
  }
}
