package dev.quarry.storage.io;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/// The lock file of a store: `pid command` in its first line, under an exclusive lock.
///
/// The file is deleted at close, so a process may lock a file that has no name any more. Hence,
/// after locking, the file is looked up again *by path* and must carry this holder's mark; else:
/// start over. The mark is the file's length, a random number, because reading it takes no
/// descriptor: closing any channel of a file drops a POSIX lock on it. For the same reason the
/// channel is this class's alone, and no caller's interrupt reaches it.
final class LockFile implements DiskLock {
  private static final Set<Path> heldHere = ConcurrentHashMap.newKeySet();
  private static final int ATTEMPTS = 100;
  private static final int FIRST_LINE = 1024;
  private static final int MARKS = 1 << 20; // few, for file systems that know no holes

  private final Path path;
  private final Path key;
  private final FileChannel channel;
  private boolean closed;

  private LockFile(Path path, Path key, FileChannel channel) {
    this.path = path;
    this.key = key;
    this.channel = channel;
  }

  static DiskLock take(Path path) {
    DiskLock[] lock = new DiskLock[1];
    try {
      RealDisk.uninterrupted(() -> lock[0] = takeHere(path));
    } catch (IOException e) {
      throw RealDisk.failure("lock", path, e);
    }
    return lock[0];
  }

  /// Makes sure that nobody holds the lock, by a shared one on a channel that cannot write. It must
  /// not be there together with a lock of this process, which closing its channel would drop.
  static void ensureFree(Path path) {
    try {
      RealDisk.uninterrupted(() -> ensureFreeHere(path));
    } catch (IOException e) {
      throw RealDisk.failure("look at the lock", path, e);
    }
  }

  private static void ensureFreeHere(Path path) throws IOException {
    synchronized (heldHere) {
      if (!Files.exists(path)) {
        return;
      }
      if (heldHere.contains(keyOf(path))) {
        throw openHere(path);
      }
      try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
        if (channel.tryLock(0, Long.MAX_VALUE, true) == null) {
          throw held(path, firstLine(channel));
        }
      } catch (NoSuchFileException closed) {
        return; // its holder has given it back just now
      } catch (OverlappingFileLockException e) {
        throw held(path, ProcessHandle.current().pid() + " - this process");
      }
    }
  }

  private static DiskLock takeHere(Path path) throws IOException {
    synchronized (heldHere) {
      return reserveAndTake(path);
    }
  }

  private static StoreOpenException openHere(Path path) {
    return new StoreOpenException(
        ErrorCode.STORE_ALREADY_OPEN,
        "the store " + store(path) + " is already open in this process",
        "use the instance that is open, or close it first");
  }

  private static DiskLock reserveAndTake(Path path) throws IOException {
    Path key = keyOf(path);
    if (!heldHere.add(key)) {
      throw openHere(path);
    }
    try {
      return take(path, key);
    } catch (IOException | RuntimeException e) {
      heldHere.remove(key);
      throw e;
    }
  }

  private static DiskLock take(Path path, Path key) throws IOException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      FileChannel channel =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
      try {
        FileLock lock = channel.tryLock();
        if (lock == null) {
          String holder = firstLine(channel);
          channel.close();
          throw held(path, holder);
        }
      } catch (OverlappingFileLockException e) {
        channel.close();
        throw held(path, ProcessHandle.current().pid() + " - this process");
      }
      long mark = FIRST_LINE + ThreadLocalRandom.current().nextLong(MARKS);
      channel.truncate(0);
      channel.write(ByteBuffer.wrap(content().getBytes(StandardCharsets.UTF_8)), 0);
      channel.write(ByteBuffer.wrap(new byte[1]), mark - 1);
      if (Files.exists(path) && Files.size(path) == mark) {
        return new LockFile(path, key, channel);
      }
      channel.close();
    }
    throw held(path, "");
  }

  private static String content() {
    ProcessHandle self = ProcessHandle.current();
    String command = System.getProperty("sun.java.command", ""); // main class and its arguments
    if (command.isEmpty()) {
      command = self.info().commandLine().orElse("java");
    }
    return self.pid()
        + " "
        + command.substring(0, Math.min(200, command.length())).replace('\n', ' ')
        + "\n";
  }

  private static String firstLine(FileChannel channel) throws IOException {
    ByteBuffer line = ByteBuffer.allocate(FIRST_LINE);
    int bytes = Math.max(0, channel.read(line, 0));
    String text = new String(line.array(), 0, bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\n');
    return end < 0 ? "" : text.substring(0, end);
  }

  private static StoreOpenException held(Path path, String content) {
    String[] words = content.strip().split(" ", 2);
    String pid = words[0].isEmpty() ? "unknown" : words[0];
    String command = words.length < 2 ? "" : " (" + words[1] + ")";
    return new StoreOpenException(
        ErrorCode.STORE_LOCKED,
        "the store " + store(path) + " is held by process " + pid + command,
        "wait until that process has closed it, or stop it; a copy of an open store is made in its"
            + " process, by admin().backup(path)");
  }

  /// The store that a lock file belongs to, for messages.
  private static String store(Path lockFile) {
    return lockFile.toString().replaceFirst("-lock$", "");
  }

  private static Path keyOf(Path path) throws IOException {
    Path absolute = path.toAbsolutePath();
    Path folder = absolute.getParent();
    return folder == null
        ? absolute
        : folder.toRealPath().resolve(String.valueOf(absolute.getFileName()));
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      Files.deleteIfExists(path);
      channel.close();
    } catch (IOException e) {
      throw RealDisk.failure("unlock", path, e);
    } finally {
      heldHere.remove(key);
    }
  }
}
