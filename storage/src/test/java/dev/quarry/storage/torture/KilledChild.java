package dev.quarry.storage.torture;

import dev.quarry.storage.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/// The process that [KillLoop] kills: is told a store and a kind of work, and works until then.
final class KilledChild {
  private static final int MOST = 100_000;

  private KilledChild() {}

  public static void main(String[] arguments) throws IOException {
    String line =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
    if (line == null) {
      return; // nobody needs it
    }
    String[] order = line.split("\t");
    Store store = CountedPages.open(Path.of(order[0]));
    if (order[1].equals("open")) { // and nothing else: what is there must be there from now on
      System.out.println("o");
      LockSupport.park();
    }
    PrintStream out = System.out;
    if (order[1].equals("threads")) {
      for (int i = 0; i < 3; i++) {
        Thread.ofPlatform().start(() -> commit(store, "commit", out));
      }
    }
    commit(store, order[1], out);
  }

  private static void commit(Store store, String work, PrintStream out) {
    for (int i = 0; i < MOST; i++) {
      CountedPages.Begun begun = CountedPages.begin(store, work.equals("large"));
      out.println("b " + begun.number());
      store.commit(begun.tx());
      out.println("a " + begun.number());
      if (work.equals("checkpoint") || begun.number() % 37 == 0) {
        store.checkpoint();
      }
    }
  }
}
