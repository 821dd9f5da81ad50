package dev.quarry.storage.torture;

import dev.quarry.storage.simulation.SimDisk;
import java.util.Random;

/// Uses a store whose bytes may mean anything.
public interface Victim {
  /// Opens the store at [Subject#PATH], reads all of it, checks it, writes to it, closes it, and
  /// saves what can be saved of it, each also after an error of Quarry's own in the one before.
  ///
  /// @param random which of that is done; opening is, always
  /// @return the code of the first such error, or `none`
  String use(SimDisk disk, Random random);
}
