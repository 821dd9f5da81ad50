package dev.quarry.storage.lease;

import dev.quarry.storage.io.Clock;
import dev.quarry.storage.page.Pin;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// The readers with a lease, and who ends them when it is over, so that what they hold comes back
/// though nobody uses them any more.
///
/// A virtual thread looks at them every 20 ms, as long as there are some. Threads: any.
public final class ReadLeases {
  private static final Duration LOOK = Duration.ofMillis(20);

  private final Clock clock;
  private final Set<ReadLease> open = ConcurrentHashMap.newKeySet();
  private boolean watched; // written in the monitor of this

  public ReadLeases(Clock clock) {
    this.clock = clock;
  }

  /// A lease that begins now.
  ///
  /// @param time how long the reader may last
  /// @param pin of the reader
  /// @param ending closes the reader: called once at most, by any thread, when it is in no call
  public ReadLease newLease(Duration time, Pin pin, Runnable ending) {
    return new ReadLease(this, clock, time, pin, ending);
  }

  /// The reader of a lease is complete and may be ended from now on.
  public synchronized void began(ReadLease lease) {
    open.add(lease);
    if (!watched) {
      watched = true;
      Thread.ofVirtual().name("quarry-read-leases").start(this::watch);
    }
  }

  /// A reader has given back what it had.
  void ended(ReadLease lease) {
    open.remove(lease);
  }

  /// Ends those whose time is over, but for who is in a call.
  public void endOver() {
    for (ReadLease lease : open) {
      try {
        lease.endIfOver();
      } catch (RuntimeException | Error e) {
        // It is over all the same. A fault of the file has poisoned the store, which tells others;
        // what a procedure throws when its rows are closed is for nobody here.
      }
    }
  }

  private void watch() {
    while (goesOn()) {
      endOver();
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        // nobody else has this thread
      }
    }
  }

  private synchronized boolean goesOn() {
    watched = !open.isEmpty();
    return watched;
  }
}
