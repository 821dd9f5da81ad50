package dev.quarry.cli;

import dev.quarry.graph.Progress;
import java.util.concurrent.CancellationException;

/// Ends long work on Ctrl-C at the next step that it tells, by a [CancellationException]; the
/// process waits for it to clean up, until this is closed. What is committing by then is completed.
final class CtrlC implements Progress, AutoCloseable {
  private final Progress shown;
  private final Interruption interruption = new Interruption();

  /// @param shown takes the steps
  CtrlC(Progress shown) {
    this.shown = shown;
  }

  @Override
  public void at(Step step) {
    if (interruption.getAsBoolean()) {
      throw new CancellationException("Ctrl-C");
    }
    shown.at(step);
  }

  @Override
  public void close() {
    interruption.close();
  }
}
