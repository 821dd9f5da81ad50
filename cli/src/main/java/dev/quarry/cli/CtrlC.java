package dev.quarry.cli;

import dev.quarry.graph.Progress;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// Ends long work on Ctrl-C at the next step that it tells, by a [CancellationException]; the
/// process waits a while for it to clean up, until this is closed. What is committing by then is
/// completed.
final class CtrlC implements Progress, AutoCloseable {
  private static final long PATIENCE_SECONDS = 30;

  private final Progress shown;
  private final CountDownLatch cleanedUp = new CountDownLatch(1);
  private final Thread hook = new Thread(this::pressed, "quarry-ctrl-c");
  private volatile boolean isPressed;

  /// @param shown takes the steps
  CtrlC(Progress shown) {
    this.shown = shown;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  @Override
  public void at(Step step) {
    if (isPressed) {
      throw new CancellationException("Ctrl-C");
    }
    shown.at(step);
  }

  private void pressed() {
    isPressed = true;
    try {
      cleanedUp.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    cleanedUp.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // the process is ending, by the hook or by another signal
    }
  }
}
