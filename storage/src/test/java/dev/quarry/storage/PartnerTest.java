package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreException;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.page.Snapshot;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store is opened with its own log, its own newest file, and by one process (R12).
class PartnerTest {
  private static final int RACES = 1_000;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  private static StoreOptions options() {
    return StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
  }

  private Path path(String name) {
    return folder.resolve(name + ".quarry");
  }

  private static Store open(Path path) {
    return Store.open(path, options(), PageModel::replay);
  }

  private PageModel commit(Store store, PageModel before, Random random) {
    PageTransaction tx = store.beginWrite();
    PageModel next = before.copy();
    for (int i = 0; i < 5; i++) {
      next.change(store, tx, random, 8);
    }
    store.commit(tx);
    return next;
  }

  /// Copies the file of a store, and its log if asked, under another name.
  private void copy(String from, String to, boolean withLog) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        boolean log = name.startsWith(from + ".quarry-wal-");
        if (name.equals(from + ".quarry") || log && withLog) {
          Path target = folder.resolve(to + name.substring(from.length()));
          Files.copy(file, target, StandardCopyOption.REPLACE_EXISTING);
        }
      }
    }
  }

  private void moveLog(String from, String to) throws IOException {
    try (var files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String name = String.valueOf(file.getFileName());
        if (name.startsWith(from + ".quarry-wal-")) {
          Files.copy(file, folder.resolve(to + name.substring(from.length())));
        }
      }
    }
  }

  @Test
  void theLogOfAnotherStoreIsRefusedAndKept() throws IOException {
    Random random = new Random(seed);
    Store a = open(path("a"));
    commit(a, new PageModel(), random);
    copy("a", "unclean", false);
    Store b = open(path("b"));
    PageModel model = commit(b, new PageModel(), random);
    copy("b", "kept", true);
    moveLog("b", "unclean");
    b.close();
    a.close();
    Path log = folder.resolve("unclean.quarry-wal-000001");
    long bytes = Files.size(log);
    StoreOpenException error = assertThrows(StoreOpenException.class, () -> open(path("unclean")));
    assertEquals(ErrorCode.STORE_WAL_FOREIGN, error.code());
    assertEquals(bytes, Files.size(log));

    copy("a", "clean", false);
    moveLog("kept", "clean");
    error = assertThrows(StoreOpenException.class, () -> open(path("clean")));
    assertEquals(ErrorCode.STORE_WAL_FOREIGN, error.code());

    moveLog("kept", "none");
    error = assertThrows(StoreOpenException.class, () -> open(path("none")));
    assertEquals(ErrorCode.STORE_WAL_FOREIGN, error.code());
    assertTrue(Files.notExists(path("none")));

    try (Store kept = open(path("kept"));
        Snapshot snapshot = kept.beginRead()) {
      model.verify(snapshot, "seed " + seed);
    }
  }

  /// So it can be opened where nothing can be written.
  @Test
  void aReaderNeedsNoLockOfItsOwnAndLeavesTheOneOfADeadWriterAsItIs() throws IOException {
    Path path = path("left");
    open(path).close();
    Path lockFile = folder.resolve("left.quarry-lock");
    byte[] line = "1 a process that was killed\n".getBytes(StandardCharsets.UTF_8);
    Files.write(lockFile, line);
    StoreOptions reading = options().withReadOnly(true);
    try (Store one = Store.open(path, reading, PageModel::replay);
        Store other = Store.open(path, reading, PageModel::replay)) {
      assertTrue(one.readOnly() && other.readOnly());
    }
    assertArrayEquals(line, Files.readAllBytes(lockFile));
    try (Store writer = open(path)) {
      StoreOpenException held =
          assertThrows(
              StoreOpenException.class, () -> Store.open(path, reading, PageModel::replay));
      assertEquals(ErrorCode.STORE_ALREADY_OPEN, held.code());
      assertTrue(!writer.readOnly());
    }
  }

  @Test
  void aReaderThatCannotLookAtTheLockSaysWhatToDo() {
    Path path = path("hidden");
    open(path).close();
    HookedDisk disk = new HookedDisk();
    disk.beforeLook =
        lock -> {
          throw new StoreIoException(
              ErrorCode.STORE_PATH, "cannot look at " + lock + ": permission denied", null, null);
        };
    StoreOptions reading = options().withReadOnly(true).withDisk(disk);
    StoreOpenException told =
        assertThrows(StoreOpenException.class, () -> Store.open(path, reading, PageModel::replay));
    assertEquals(ErrorCode.STORE_PATH, told.code());
    assertTrue(
        String.valueOf(told.hint())
            .endsWith(
                "hidden.quarry-lock; if no process has the store open, delete that file, or copy the"
                    + " store without it"),
        told.hint());
  }

  @Test
  void anUncleanStoreWithoutItsLogIsRefusedAndTheWayOutIsNamed() throws IOException {
    Store store = open(path("a"));
    commit(store, new PageModel(), new Random(seed));
    copy("a", "alone", false);
    store.close();
    CorruptPageException error =
        assertThrows(CorruptPageException.class, () -> open(path("alone")));
    assertEquals(ErrorCode.STORE_WAL_MISSING, error.code());
    assertTrue(error.getMessage().endsWith("alone.quarry-wal-000001 is missing"), error::toString);
    Files.write(path("alone").resolveSibling("alone.quarry-wal-000001"), new byte[8192]);
    String message =
        assertThrows(CorruptPageException.class, () -> open(path("alone"))).getMessage();
    assertTrue(String.valueOf(message).endsWith("000001 is not it, or damaged"), message);
    Files.delete(path("alone").resolveSibling("alone.quarry-wal-000001"));
    assertTrue(error.getMessage().contains("alone.quarry-wal-000001 is missing"));
    assertTrue(String.valueOf(error.hint()).contains("quarry repair --without-wal"));
    StoreOpenException readOnly =
        assertThrows(
            StoreOpenException.class,
            () -> Store.open(path("alone"), options().withReadOnly(true), PageModel::replay));
    assertEquals(ErrorCode.STORE_READ_ONLY, readOnly.code());
    assertTrue(String.valueOf(readOnly.hint()).contains("quarry repair"));
  }

  @Test
  void aStoreThatIsThereAndCannotBeLockedIsNotSaidToBeCreated() throws IOException {
    open(path("a")).close();
    Files.createDirectory(folder.resolve("a.quarry-lock"));
    StoreOpenException error = assertThrows(StoreOpenException.class, () -> open(path("a")));
    assertEquals(ErrorCode.STORE_PATH, error.code());
    assertTrue(error.getMessage().startsWith("cannot open the store "), error.getMessage());
    assertTrue(String.valueOf(error.hint()).contains("read-only"), error.hint());
  }

  @Test
  void namesOfSegmentsHaveTheSameDigitsInEveryLanguage() throws IOException {
    Locale usual = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try (Store store = open(path("a"))) {
      commit(store, new PageModel(), new Random(seed));
      assertTrue(Files.exists(folder.resolve("a.quarry-wal-000001")));
    } finally {
      Locale.setDefault(usual);
    }
  }

  /// Whatever was committed and checkpointed since: either the log leads from the copy to the last
  /// commit, or the copy is refused.
  @Test
  void anOlderCopyOfTheFileBesideTheLogIsCaughtUpOrRefused() throws IOException {
    Random random = new Random(seed);
    int refused = 0;
    for (int round = 0; round < 40; round++) {
      String name = "s" + round;
      PageModel model = new PageModel();
      Store store = open(path(name));
      for (int i = random.nextInt(3); i >= 0; i--) {
        model = commit(store, model, random);
      }
      if (random.nextBoolean()) {
        store.close();
        store = open(path(name));
      }
      copy(name, "old", false);
      boolean leads = round % 4 == 0; // the log, mostly: nobody asks for a checkpoint since
      for (int session = leads ? 0 : random.nextInt(3); session >= 0; session--) {
        for (int i = random.nextInt(6); i >= 0; i--) {
          model = commit(store, model, random);
          if (!leads && random.nextInt(3) == 0) {
            store.checkpoint();
          }
        }
        if (session > 0) {
          store.close();
          store = open(path(name));
        }
      }
      model = commit(store, model, random);
      Files.deleteIfExists(folder.resolve("old.quarry-wal-000001"));
      moveLog(name, "old");
      store.close();
      try (Store old = open(path("old"));
          Snapshot snapshot = old.beginRead()) {
        model.verify(snapshot, "seed " + seed + " round " + round);
      } catch (CorruptPageException e) {
        refused++;
      }
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          if (String.valueOf(file.getFileName()).startsWith("old.quarry")) {
            Files.delete(file);
          }
        }
      }
    }
    assertTrue(refused > 5, "seed " + seed + ": " + refused);
    assertTrue(refused < 40, "seed " + seed + ": " + refused);
  }

  @Test
  void ofTwoThreadsThatRaceForTheLockOneWins() throws Exception {
    Path lockFile = folder.resolve("race.quarry-lock");
    CyclicBarrier start = new CyclicBarrier(2);
    CyclicBarrier done = new CyclicBarrier(2);
    AtomicInteger winners = new AtomicInteger();
    List<String> wrong = java.util.Collections.synchronizedList(new ArrayList<>());
    Runnable racer =
        () -> {
          for (int race = 0; race < RACES; race++) {
            DiskLock lock = null;
            try {
              start.await();
              lock = Disk.real().lock(lockFile);
              winners.incrementAndGet();
            } catch (StoreException held) {
              // the other one has it
            } catch (Exception e) {
              wrong.add("race " + race + ": " + e);
            }
            try {
              if (done.await() == 0 && winners.getAndSet(0) != 1) {
                wrong.add("race " + race);
              }
              if (lock != null) {
                lock.close();
              }
              done.await();
            } catch (Exception e) {
              wrong.add("race " + race + ": " + e);
            }
          }
        };
    Thread other = Thread.ofPlatform().start(racer);
    racer.run();
    other.join();
    assertEquals(List.of(), wrong);
  }

  /// Four processes, each of which takes and gives back the lock as fast as it can and, while it
  /// has it, makes sure that nobody else does.
  @Test
  void ofManyProcessesOneHoldsTheLockAtATime() throws Exception {
    Path lockFile = folder.resolve("processes.quarry-lock");
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      processes.add(
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-ea",
                  "-cp",
                  System.getProperty("java.class.path"),
                  LockRacer.class.getName(),
                  lockFile.toString(),
                  String.valueOf(RACES / 4))
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("racer" + i + ".txt").toFile())
              .start());
    }
    for (int i = 0; i < processes.size(); i++) {
      int exit = processes.get(i).waitFor();
      File output = folder.resolve("racer" + i + ".txt").toFile();
      assertEquals(0, exit, Files.readString(output.toPath()));
    }
  }

  /// One of the processes: wins so many times, and dies of a second holder.
  static final class LockRacer {
    private LockRacer() {}

    public static void main(String[] arguments) throws Exception {
      Path lockFile = Path.of(arguments[0]);
      Path holder = lockFile.resolveSibling("holder");
      int wins = Integer.parseInt(arguments[1]);
      CountDownLatch never = new CountDownLatch(1);
      while (wins > 0) {
        try (DiskLock lock = Disk.real().lock(lockFile)) {
          Files.createFile(holder); // fails if it is there: then another process holds the lock
          wins--;
          Files.delete(holder);
        } catch (StoreException held) {
          never.await(50, java.util.concurrent.TimeUnit.MICROSECONDS);
        }
      }
    }
  }
}
