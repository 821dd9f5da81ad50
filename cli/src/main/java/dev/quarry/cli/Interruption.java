package dev.quarry.cli;

import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;

/// Ctrl-C for a command that can end between two steps: the process waits until it has.
final class Interruption implements BooleanSupplier, AutoCloseable {
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread hook = new Thread(this::request, "quarry-interruption");
  private volatile boolean requested;

  Interruption() {
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void request() {
    requested = true;
    boolean waits = true;
    while (waits) {
      try {
        closed.await();
        waits = false;
      } catch (InterruptedException e) {
        // nobody may end it before the store is closed
      }
    }
  }

  /// Whether the process is to end.
  @Override
  public boolean getAsBoolean() {
    return requested;
  }

  /// The command has ended.
  @Override
  public void close() {
    closed.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException ending) {
      // the process is on its way out
    }
  }
}
