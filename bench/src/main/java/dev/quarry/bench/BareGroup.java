package dev.quarry.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

/// Commits of nothing: a lock, a place in a buffer, and a barrier that all who wait share.
///
/// What many callers cost an engine that does no work at all, on the same machine and with the same
/// kind of threads: the floor for a store that lets one writer at a time in.
final class BareGroup {
  private static final int BATCH = 512;
  private static final long FILE_BYTES = 14 << 20;

  private static final class Commit {
    private final Thread thread = Thread.currentThread();
    private boolean done;
  }

  private final FileChannel file;
  private final Semaphore turn = new Semaphore(1, true);
  private List<Commit> waiting = new ArrayList<>();
  private boolean leading;
  private long position;

  /// @param file filled with zeros and forced
  BareGroup(FileChannel file) {
    this.file = file;
  }

  void commit() throws IOException {
    Commit mine = new Commit();
    if (!turn.tryAcquire()) {
      turn.acquireUninterruptibly();
    }
    synchronized (this) {
      waiting.add(mine);
    }
    turn.release();
    while (!endedOrLed(mine)) {
      LockSupport.park(this);
    }
  }

  private boolean endedOrLed(Commit mine) throws IOException {
    synchronized (this) {
      if (mine.done) {
        return true;
      }
      if (leading) {
        return false;
      }
      leading = true;
    }
    lead();
    return true;
  }

  private void lead() throws IOException {
    List<Commit> group;
    synchronized (this) {
      group = waiting;
      waiting = new ArrayList<>();
    }
    file.write(ByteBuffer.allocate(group.size() * BATCH), position);
    position = (position + (long) group.size() * BATCH) % FILE_BYTES;
    file.force(false);
    Deque<Thread> ready = new ArrayDeque<>();
    synchronized (this) {
      for (Commit commit : group) {
        commit.done = true;
        ready.add(commit.thread);
      }
      leading = false;
      if (!waiting.isEmpty()) {
        ready.addFirst(waiting.getFirst().thread); // whom the disk waits for
      }
    }
    ready.forEach(LockSupport::unpark);
  }
}
