package dev.quarry.storage.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Batches of any length come back from a log, wherever the pieces end in which it is read.
class WalReaderTest {
  private static final Disk DISK = Disk.real();
  private static final UUID STORE = new UUID(1, 2);
  private static final long FIRST_LSN = 1024;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);
  private final Random random = new Random(seed);
  private final List<byte[]> written = new ArrayList<>();
  private final List<byte[]> read = new ArrayList<>();
  private final Budget budget = Budget.root("log", 64 << 20);
  private Wal wal = new Wal(DISK, Path.of("unused"), STORE, 1, FIRST_LSN, budget);
  private long commit;

  @BeforeEach
  void open() {
    wal.close();
    wal = new Wal(DISK, store(), STORE, 1, FIRST_LSN, budget);
  }

  @AfterEach
  void close() {
    wal.close();
  }

  @Test
  void whatWasLoggedIsReadAgainInOrder() {
    System.out.println("seed " + seed);
    log(1 + random.nextInt(100));
    assertEquals(wal.lsn(), replay());
    assertEquals(written.size(), read.size());
    for (int i = 0; i < written.size(); i++) {
      assertArrayEquals(written.get(i), read.get(i), "record " + i);
    }
  }

  @Test
  void aTornBatchEndsTheLogAndWhatLiesBeforeItIsRead() {
    System.out.println("seed " + seed);
    log(random.nextInt(20));
    long whole = wal.lsn();
    int before = written.size();
    log(1);
    flip(whole + random.nextLong(40)); // of the fields of its header
    assertEquals(whole, replay());
    assertEquals(before, read.size());
  }

  @Test
  void aLogSaysWhetherItHoldsABatchFromAnLsnOn() {
    System.out.println("seed " + seed);
    log(random.nextInt(20));
    long last = wal.lsn();
    log(1);
    assertTrue(WalReader.holds(DISK, store(), STORE, 1, FIRST_LSN));
    assertTrue(WalReader.holds(DISK, store(), STORE, 1, last));
    assertFalse(WalReader.holds(DISK, store(), STORE, 1, wal.lsn()));
    assertFalse(WalReader.holds(DISK, store(), STORE, 2, FIRST_LSN));
  }

  private Path store() {
    return folder.resolve("store.quarry");
  }

  /// Logs batches of up to 20 records, some longer than a piece, a flush now and then.
  private void log(int batches) {
    wal.begin();
    for (int i = 0; i < batches; i++) {
      for (int records = random.nextInt(20); records >= 0; records--) {
        byte[] record = new byte[random.nextInt(1 << random.nextInt(17))];
        random.nextBytes(record);
        wal.add(record, 0, record.length);
        written.add(record);
      }
      if (!wal.fits()) {
        flush();
        wal.roll();
      }
      wal.append(++commit);
      if (random.nextInt(4) == 0) {
        flush();
      }
    }
    flush();
  }

  private void flush() {
    if (wal.take()) {
      wal.flush(false);
    }
  }

  /// Changes a byte of the segment that was begun last.
  private void flip(long lsn) {
    Path path = Wal.paths(DISK, store()).getLast();
    Segment segment = Objects.requireNonNull(Segment.open(DISK, path, STORE));
    try (segment;
        DiskFile file = DISK.open(path, false, true)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      file.read(one, segment.offset(lsn));
      file.write(one.put(0, (byte) ~one.get(0)).rewind(), segment.offset(lsn));
    }
  }

  private long replay() {
    WalReader.Sink sink =
        new WalReader.Sink() {
          private long last;

          @Override
          public void begin(long commitNumber) {
            assertEquals(++last, commitNumber);
          }

          @Override
          public void record(byte[] bytes, int offset, int length) {
            read.add(Arrays.copyOfRange(bytes, offset, offset + length));
          }

          @Override
          public void end() {}
        };
    return WalReader.replay(DISK, store(), STORE, 1, FIRST_LSN, sink);
  }
}
