package dev.quarry.storage.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.simulation.CrashPoint;
import dev.quarry.storage.simulation.CrashStates;
import dev.quarry.storage.simulation.SimDisk;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One meta block is torn, and the opening that mends it loses power: whatever that leaves, one of
/// the two blocks is whole at any time.
class TornTwiceTest {
  private static final int MOST = 400;

  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);

  @Test
  void anOpeningThatMendsAMetaBlockMayLosePowerAnywhere() {
    int images = 0;
    for (String script : List.of("o c c k c z", "o c c k c x", "o c x o c c z", "o z")) {
      Workload workload = new Workload("torn", script, PageSubject::new, 1);
      SimDisk disk = new SimDisk();
      workload.run(disk, seed);
      for (int number = 0; number < 2; number++) {
        SimDisk torn = disk.copy();
        torn.overwrite(Subject.PATH, number * 4096L + 100, new byte[] {1, 2, 3, 4, 5});
        images += losePower(workload, torn);
      }
    }
    assertTrue(images > 100, "seed " + seed + ": " + images + " images");
  }

  /// @return how many images were looked at; 0 if the torn block was the only one with the state
  private int losePower(Workload workload, SimDisk torn) {
    long digest;
    try {
      digest = workload.recover(torn.copy());
    } catch (QuarryException newestIsGone) {
      return 0;
    }
    SimDisk recovering = torn.copy().recording();
    workload.recover(recovering);
    int[] images = new int[1];
    for (CrashPoint point : recovering.points()) {
      CrashStates.of(
          point,
          seed,
          MOST,
          0,
          selection -> {
            images[0]++;
            SimDisk image = point.image(selection, seed);
            assertEquals(digest, workload.recover(image), "seed " + seed + " " + selection);
            return true;
          });
    }
    return images[0];
  }
}
