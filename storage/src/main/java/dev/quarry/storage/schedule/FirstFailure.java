package dev.quarry.storage.schedule;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What the first of several threads failed with that do one work together: it is the failure of
/// the whole, and ends the others where they look. Threads: any.
public final class FirstFailure {
  private final AtomicReference<@Nullable Throwable> first = new AtomicReference<>();

  /// Ends a thread, as another one has failed; nobody sees it.
  private static final class Stopped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Stopped() {
      super(null, null, false, false);
    }
  }

  /// Notes what a thread ended with, an [Error] or unchecked, unless another one failed before.
  public void note(Throwable thrown) {
    if (!(thrown instanceof Stopped)) {
      first.compareAndSet(null, thrown);
    }
  }

  /// Whether one has failed.
  public boolean isThere() {
    return first.get() != null;
  }

  /// Ends the thread that calls if one has failed.
  public void look() {
    if (isThere()) {
      throw new Stopped();
    }
  }

  /// Throws what the first one failed with, for the whole, if one did.
  public void raise() {
    switch (first.get()) {
      case null -> {}
      case Error error -> throw error;
      case Throwable thrown -> throw (RuntimeException) thrown;
    }
  }
}
