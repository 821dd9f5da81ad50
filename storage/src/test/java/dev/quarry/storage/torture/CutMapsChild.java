package dev.quarry.storage.torture;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/// A process that cuts files under their maps and is as that of an application: it checks no access
/// to memory, C2 has compiled what reads the map, and with the serial collector its loops do not
/// stop for anybody. Then a fault comes where something waits for it; else it comes at once.
///
/// An order is a line: the file of a store, how its cases are named, and how many there may be. The
/// answers are `! case TAB message` for one that broke its promise, and in the end `+ cases TAB
/// told`.
final class CutMapsChild implements AutoCloseable {
  private final Child child;
  private final TemporaryFolder folder;
  private boolean isBusy;

  private CutMapsChild(Child child, TemporaryFolder folder) {
    this.child = child;
    this.folder = folder;
  }

  /// It is killed while it cuts files, so these lie in a folder of this process.
  static CutMapsChild start() {
    TemporaryFolder folder = TemporaryFolder.make();
    List<String> options =
        List.of(
            "-XX:TieredStopAtLevel=4", "-Dquarry.check=false", "-Djava.io.tmpdir=" + folder.path());
    return new CutMapsChild(Child.start(options, CutMapsChild.class), folder);
  }

  /// Tells it to cut a store, in any order at all of its places.
  ///
  /// @param name of the cases, but for where they cut
  void order(byte[] store, String name, long most) {
    Path file = folder.path().resolve(name.replace(':', '-'));
    try {
      Files.write(file, store);
    } catch (IOException e) {
      throw new Violation("a store cannot be written for another process", e);
    }
    child.order(file + "\t" + name + "\t" + most);
    isBusy = true;
  }

  /// Reports what it has answered by now.
  void hear(Run run) {
    while (isBusy && child.hasAnswer()) {
      report(run, child.answer());
    }
  }

  /// Waits for what comes of the last order, and reports it.
  void await(Run run) {
    while (isBusy) {
      report(run, child.answer());
    }
  }

  private void report(Run run, @Nullable String line) {
    if (line == null) {
      isBusy = false;
      run.check("the last one", null, () -> fail("the process that cuts maps has died"));
      return;
    }
    String[] parts = line.substring(2).split("\t", 2);
    if (line.charAt(0) == '!') {
      run.check(parts[0], null, () -> fail(parts[1] + ", without checks of memory"));
      return;
    }
    isBusy = false;
    run.passed(Long.parseLong(parts[0]));
    run.count("cut, without checks of memory", Long.parseLong(parts[0]));
    run.count("of these told", Long.parseLong(parts[1]));
  }

  private static void fail(String message) {
    throw new Violation(message);
  }

  @Override
  public void close() {
    child.close();
    folder.close();
  }

  public static void main(String[] arguments) throws IOException {
    BufferedReader orders =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    boolean first = true;
    for (String line = orders.readLine(); line != null; line = orders.readLine()) {
      String[] order = line.split("\t");
      byte[] store = Files.readAllBytes(Path.of(order[0]));
      if (first) {
        CutMaps.readOften(store);
        first = false;
      }
      cut(store, order[1], Long.parseLong(order[2]));
    }
  }

  private static void cut(byte[] store, String name, long most) {
    List<Integer> cases = new ArrayList<>();
    for (int i = 0; i < store.length / PageMixups.PLACE * 2; i++) {
      cases.add(i);
    }
    Collections.shuffle(cases, new Random(name.hashCode()));
    long passed = 0;
    long told = 0;
    for (int one : cases.subList(0, (int) Math.min(most, cases.size()))) {
      int place = one >> 1;
      try {
        told += CutMaps.cut(store, place * PageMixups.PLACE, (one & 1) == 1) ? 1 : 0;
        passed++;
      } catch (RuntimeException | Error e) {
        String message = String.valueOf(e).lines().findFirst().orElse("");
        System.out.println("! " + name + ":LIVE:" + place + ":" + (one & 1) + "\t" + message);
      }
    }
    System.out.println("+ " + passed + "\t" + told);
  }
}
