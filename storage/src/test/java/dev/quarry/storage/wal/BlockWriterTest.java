package dev.quarry.storage.wal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.MemoryBudgetException;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.simulation.FaultPlan;
import dev.quarry.storage.simulation.SimDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockWriterTest {
  private static final int SIZE = 1 << 20;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final Budget account = Budget.root("log", 1 << 20);

  @AfterEach
  void nothingIsLeft() {
    assertEquals(0, account.used());
  }

  @Test
  void whatIsAppendedLiesBehindWhatWasThereInAnyDisk() {
    System.out.println("BlockWriterTest -Dseed=" + seed);
    for (Disk disk : new Disk[] {new SimDisk(), Disk.real()}) {
      byte[] expected = new byte[SIZE];
      random.nextBytes(expected);
      try (DiskFile file = disk.open(folder.resolve("log"), true, true);
          BlockWriter writer = new BlockWriter(account)) {
        file.write(ByteBuffer.wrap(expected), 0);
        writer.open();
        appendAll(file, writer, expected);
      }
    }
  }

  /// Up to the end of the file, which is not that of a block.
  private void appendAll(DiskFile file, BlockWriter writer, byte[] expected) {
    int end = SIZE - 512 * random.nextInt(8);
    file.truncate(end);
    int most = random.nextBoolean() ? 5_000 : 100_000;
    for (int at = random.nextInt(9_000); at < end; ) {
      byte[] bytes = new byte[Math.min(1 + random.nextInt(most), end - at)];
      random.nextBytes(bytes);
      System.arraycopy(bytes, 0, expected, at, bytes.length);
      writer.append(file, direct(bytes), at, end);
      at += bytes.length;
      if (random.nextInt(20) == 0 && at < end - 1) {
        expected[at] = 42; // behind what was appended anything may be written
        file.write(ByteBuffer.wrap(expected, at, 1), at++);
      }
      ByteBuffer read = ByteBuffer.allocate(end);
      file.read(read, 0);
      assertEquals(-1, Arrays.mismatch(cut(read.array(), at), cut(expected, at)), "seed " + seed);
      int block = Math.min(end, at + DiskFile.BLOCK - 1 & -DiskFile.BLOCK);
      assertEquals(
          -1,
          Arrays.mismatch(read.array(), block, end, expected, block, end),
          "seed " + seed + ": later blocks than the last are left alone");
    }
  }

  private static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  @Test
  void whatIsAppendedIsDurableOnReturn() {
    SimDisk disk = new SimDisk().recording();
    byte[] expected = new byte[SIZE];
    try (DiskFile file = disk.open(folder.resolve("log"), true, true);
        BlockWriter writer = new BlockWriter(account)) {
      file.write(ByteBuffer.wrap(expected), 0);
      file.force();
      disk.forceDirectory(folder);
      writer.open();
      for (int at = 512; at < SIZE - 8_000; ) {
        byte[] bytes = new byte[512 * (1 + random.nextInt(10))];
        random.nextBytes(bytes);
        System.arraycopy(bytes, 0, expected, at, bytes.length);
        writer.append(file, direct(bytes), at, SIZE);
        at += bytes.length;
        assertEquals(0, disk.point().size(), "what waits for a barrier, seed " + seed);
      }
    }
    assertArrayEquals(expected, disk.bytes(folder.resolve("log")));
  }

  @Test
  void afterAFailureTheBlockIsReadAgain() {
    SimDisk disk = new SimDisk();
    Path path = folder.resolve("log");
    try (DiskFile file = disk.open(path, true, true);
        BlockWriter writer = new BlockWriter(account)) {
      file.write(ByteBuffer.wrap(new byte[SIZE]), 0);
      writer.open();
      writer.append(file, direct(new byte[] {1, 2, 3}), 0, SIZE);
      disk.fail(FaultPlan.parse("DISK_FULL@0"));
      assertThrows(
          StoreIoException.class, () -> writer.append(file, direct(new byte[] {4}), 3, SIZE));
      disk.fail(null);
      file.write(ByteBuffer.wrap(new byte[] {9}), 1);
      writer.append(file, direct(new byte[] {5}), 3, SIZE);
      assertArrayEquals(new byte[] {1, 9, 3, 5, 0}, Arrays.copyOf(disk.bytes(path), 5));
    }
  }

  @Test
  void withoutMemoryItSaysSoAndHoldsNone() {
    Budget small = Budget.root("small", 1 << 12);
    try (BlockWriter writer = new BlockWriter(small)) {
      assertThrows(MemoryBudgetException.class, writer::open);
    }
    assertEquals(0, small.used());
  }
}
