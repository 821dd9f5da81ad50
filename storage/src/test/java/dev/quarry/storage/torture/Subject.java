package dev.quarry.storage.torture;

import dev.quarry.storage.simulation.SimDisk;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/// One store under torture, with a model of what it should hold.
///
/// Steps are letters, so that a workload is a word: `o` opens, `x` closes, `z` ends as if the
/// process were killed, `c` commits a little, `k` checkpoints; a subject adds its own. Errors of
/// the store come out of every method.
public interface Subject {
  /// Where the store lies on the simulated disk.
  Path PATH = Path.of("/sim/t.quarry").toAbsolutePath();

  /// Opens the store on a disk, and makes it if it is missing. The model becomes the state in the
  /// history that the store is in.
  ///
  /// @throws Violation if it is in none of them
  void open(SimDisk disk, History history);

  /// Does a step with an open store.
  void step(char kind, Random random);

  /// A digest of all that the store holds, by reading it. Raises [Violation] if it does not agree
  /// with itself.
  long visible();

  /// The digest of the model.
  long expected();

  /// Commits one thing more, whatever the store holds.
  void append();

  /// Whether a store is open.
  boolean isOpen();

  /// Whether the store refuses writes since it was opened.
  boolean poisoned();

  /// Closes the store; it counts as closed also after an error.
  void close();

  /// Bytes that the store holds of its budget, also after it was closed.
  long usedBytes();

  /// How often the steps came to what they are for, where that cannot be seen in the answers.
  default Map<String, Long> coverage() {
    return Map.of();
  }
}
