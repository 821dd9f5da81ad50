package dev.quarry;

import dev.quarry.storage.schedule.Lookout;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.schedule.SpareThreads;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/// What any thread leaves for one to handle, in order: a spare thread, which begins when something
/// is left and ends when there is nothing.
///
/// ```text
///  put ─► queue ─► handle, handle, … empty: looks for more for a while ─► ends
///           └─ starts the thread, unless one is there ─┘
/// ```
///
/// To wake a thread takes tens of microseconds on a virtual machine, for who wakes it as well. So
/// while more is expected the thread goes on looking, and leaves its processor to any thread that
/// has work each time it finds nothing, unless processors are short ([Lookout]).
///
/// Invariant: if the queue is not empty, a thread is there that will look at it. Threads: any;
/// [#take] only that which handles.
///
/// @param <T> what is left
final class Mailbox<T> {
  private final String name;
  private final BooleanSupplier expectsMore;
  private final Runnable handle;
  private final Queue<T> queue = new ConcurrentLinkedQueue<>();
  private final Lookout lookout = Lookout.newLookout(); // of the thread that is there
  private final AtomicBoolean attended = new AtomicBoolean(); // a thread is there

  /// @param name of the thread while it is there
  /// @param expectsMore whether it is worth it to look for more
  /// @param handle takes at least one; raises nothing
  Mailbox(String name, BooleanSupplier expectsMore, Runnable handle) {
    this.name = name;
    this.expectsMore = expectsMore;
    this.handle = handle;
  }

  /// Leaves something.
  void put(T left) {
    queue.add(left);
    Sched.point(Point.MAILBOX);
    if (!attended.get() && attend()) {
      SpareThreads.startOrRun(name, this::run);
    }
  }

  /// What was left before all others; there must be something.
  T take() {
    return queue.remove();
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  private boolean attend() {
    Sched.point(Point.MAILBOX);
    return attended.compareAndSet(false, true);
  }

  private void run() {
    do {
      do {
        handleAll();
        lookForMore();
      } while (!isEmpty());
      Sched.point(Point.MAILBOX);
      attended.set(false);
    } while (!isEmpty() && attend()); // who put something before that has started nobody
  }

  private void handleAll() {
    while (!isEmpty()) {
      handle.run();
    }
  }

  private void lookForMore() {
    if (expectsMore.getAsBoolean()) {
      lookout.lookWhile(this::isEmpty);
    }
  }
}
