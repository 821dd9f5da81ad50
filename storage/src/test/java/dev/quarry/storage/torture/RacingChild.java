package dev.quarry.storage.torture;

import dev.quarry.error.QuarryException;
import dev.quarry.storage.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One of the processes of [Races]: opens a store at the moment that it is told, commits once if it
/// gets it, and holds it until it is told to close.
final class RacingChild {
  private RacingChild() {}

  public static void main(String[] arguments) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    @Nullable Store store = null;
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      if (store != null) {
        store.close();
        store = null;
        System.out.println("closed");
        continue;
      }
      String[] order = line.split("\t");
      await(Long.parseLong(order[2]));
      try {
        store = CountedPages.open(Path.of(order[1]));
        store.commit(CountedPages.begin(store, false).tx());
        System.out.println("won");
      } catch (QuarryException e) {
        System.out.println("lost " + e.code());
      }
    }
  }

  /// The clock is that of the machine, so it is the same for all its processes.
  private static void await(long nanos) {
    while (System.nanoTime() - nanos < 0) {
      Thread.onSpinWait();
    }
  }
}
