package dev.quarry.storage.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest {
  @TempDir Path folder = Path.of("");

  @Test
  void interruptsLoseNoWriteAndStaySet() throws InterruptedException {
    Path path = folder.resolve("file");
    try (DiskFile file = Disk.real().open(path, true, true)) {
      AtomicBoolean flagLost = new AtomicBoolean();
      Thread writer =
          new Thread(
              () -> {
                for (int i = 0; i < 2_000; i++) {
                  Thread.currentThread().interrupt();
                  file.write(ByteBuffer.allocate(8).putLong(0, i), i * 8L);
                  if (i % 50 == 0) {
                    file.force();
                  }
                  flagLost.compareAndSet(false, !Thread.currentThread().isInterrupted());
                }
              });
      writer.start();
      while (writer.isAlive()) {
        writer.interrupt();
        Thread.onSpinWait();
      }
      writer.join();
      assertFalse(flagLost.get());
      ByteBuffer all = ByteBuffer.allocate(16_000);
      file.read(all, 0);
      for (int i = 0; i < 2_000; i++) {
        assertEquals(i, all.getLong(i * 8));
      }
    }
  }

  /// On Linux by the channel past the page cache, elsewhere by a write and a barrier.
  @Test
  void blocksThatAreWrittenThroughSurviveInterruptsAndMixWithOtherWrites()
      throws InterruptedException {
    Path path = folder.resolve("file");
    int blocks = 64;
    try (DiskFile file = Disk.real().open(path, true, true)) {
      file.write(ByteBuffer.wrap(new byte[blocks * DiskFile.BLOCK]), 0);
      Thread writer =
          new Thread(
              () -> {
                ByteBuffer block =
                    ByteBuffer.allocateDirect(2 * DiskFile.BLOCK).alignedSlice(DiskFile.BLOCK);
                for (int i = 0; i < 128; i++) {
                  Thread.currentThread().interrupt();
                  long position = (long) (i % blocks) * DiskFile.BLOCK;
                  block.clear().limit(DiskFile.BLOCK).putInt(0, i);
                  file.writeThrough(block, position);
                  file.write(ByteBuffer.allocate(4).putInt(0, -i), position + 8);
                }
              });
      writer.start();
      while (writer.isAlive()) {
        writer.interrupt();
        Thread.onSpinWait();
      }
      writer.join();
      ByteBuffer all = ByteBuffer.allocate(blocks * DiskFile.BLOCK);
      file.read(all, 0);
      for (int i = 128 - blocks; i < 128; i++) {
        assertEquals(i, all.getInt(i % blocks * DiskFile.BLOCK));
        assertEquals(-i, all.getInt(i % blocks * DiskFile.BLOCK + 8));
      }
    }
  }

  @Test
  void aFileThatIsClosedIsNotWrittenThrough() {
    DiskFile file = Disk.real().open(folder.resolve("closed"), true, true);
    file.write(ByteBuffer.wrap(new byte[DiskFile.BLOCK]), 0);
    file.close();
    ByteBuffer block = ByteBuffer.allocateDirect(2 * DiskFile.BLOCK).alignedSlice(DiskFile.BLOCK);
    StoreIoException error =
        assertThrows(
            StoreIoException.class, () -> file.writeThrough(block.limit(DiskFile.BLOCK), 0));
    assertEquals(ErrorCode.STORE_CLOSED, error.code());
  }

  @Test
  void aMapShowsLaterWrites() {
    try (DiskFile file = Disk.real().open(folder.resolve("mapped"), true, true)) {
      file.truncate(8192);
      var map = file.map(4096, 4096);
      file.write(ByteBuffer.wrap(new byte[] {42}), 4096 + 7);
      assertEquals(42, map.get(java.lang.foreign.ValueLayout.JAVA_BYTE, 7));
    }
  }

  @Test
  void readingPastTheEndIsATypedError() {
    try (DiskFile file = Disk.real().open(folder.resolve("short"), true, true)) {
      file.write(ByteBuffer.wrap(new byte[10]), 0);
      assertThrows(StoreIoException.class, () -> file.read(ByteBuffer.allocate(8), 5));
    }
  }

  @Test
  void aMissingFolderIsNamed() {
    Path path = folder.resolve("no/such/file");
    StoreIoException error =
        assertThrows(StoreIoException.class, () -> Disk.real().open(path, true, true));
    assertEquals(ErrorCode.STORE_PATH, error.code());
    assertTrue(error.getMessage().contains("no such file or folder"), error.getMessage());
  }

  @Test
  void aSecondLockInThisProcessIsRefusedAndTheFileGoesAtTheEnd() {
    Path path = folder.resolve("x.quarry-lock");
    try (DiskLock lock = Disk.real().lock(path)) {
      StoreOpenException error =
          assertThrows(StoreOpenException.class, () -> Disk.real().lock(path));
      assertEquals(ErrorCode.STORE_ALREADY_OPEN, error.code());
      error = assertThrows(StoreOpenException.class, () -> Disk.real().ensureUnlocked(path));
      assertEquals(ErrorCode.STORE_ALREADY_OPEN, error.code());
    }
    assertFalse(Files.exists(path));
    Disk.real().ensureUnlocked(path);
    assertFalse(Files.exists(path));
    Disk.real().lock(path).close();
  }

  @Test
  void aLockHeldByAnotherProcessNamesIt() throws Exception {
    Path path = folder.resolve("y.quarry-lock");
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                path.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertEquals('!', child.getInputStream().read());
      StoreOpenException error =
          assertThrows(StoreOpenException.class, () -> Disk.real().lock(path));
      assertEquals(ErrorCode.STORE_LOCKED, error.code());
      String holder =
          "the store " + folder.resolve("y.quarry") + " is held by process " + child.pid();
      String command = " (" + LockHolder.class.getName() + " " + path + ")";
      assertEquals(holder + command, error.getMessage());
      assertTrue(String.valueOf(error.hint()).contains("admin().backup"), error.hint());
      assertTrue(error.retryable());
      StoreOpenException reading =
          assertThrows(StoreOpenException.class, () -> Disk.real().ensureUnlocked(path));
      assertEquals(ErrorCode.STORE_LOCKED, reading.code());
      assertEquals(holder + command, reading.getMessage());
    } finally {
      child.destroyForcibly().waitFor();
    }
    byte[] left = Files.readAllBytes(path);
    Disk.real().ensureUnlocked(path);
    assertArrayEquals(left, Files.readAllBytes(path));
    Disk.real().lock(path).close();
  }

  /// Takes the lock, says so, and waits to be killed.
  static final class LockHolder {
    public static void main(String[] args) throws Exception {
      try (DiskLock lock = Disk.real().lock(Path.of(args[0]))) {
        System.out.write('!');
        System.out.flush();
        System.in.read();
      }
    }
  }
}
