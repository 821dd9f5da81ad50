package dev.quarry.storage.io;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The disk of the machine.
final class RealDisk implements Disk {
  static final RealDisk INSTANCE = new RealDisk();

  private RealDisk() {}

  @Override
  public DiskFile open(Path path, boolean create, boolean write) {
    return new RealFile(path, create, write || create);
  }

  @Override
  public boolean exists(Path path) {
    return Files.exists(path);
  }

  @Override
  public void rename(Path from, Path to) {
    run(
        to,
        "move " + from + " to",
        () -> {
          Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        });
  }

  @Override
  public void delete(Path path) {
    run(path, "delete", () -> Files.deleteIfExists(path));
  }

  @Override
  public List<Path> list(Path folder, String prefix) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw failure("list", folder, e);
    }
  }

  @Override
  public void createDirectories(Path folder) {
    run(folder, "create", () -> Files.createDirectories(folder));
  }

  @Override
  public boolean canTruncateMapped() {
    return !isWindows();
  }

  @Override
  public boolean canForceDirectory() {
    return !isWindows();
  }

  @Override
  public boolean canReplaceOpen() {
    return !isWindows();
  }

  @Override
  public void forceDirectory(Path folder) {
    if (!canForceDirectory()) {
      return; // NTFS journals names, and a folder cannot be opened there.
    }
    run(
        folder,
        "force",
        () ->
            uninterrupted(
                () -> {
                  try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                  }
                }));
  }

  @Override
  public DiskLock lock(Path lockFile) {
    return LockFile.take(lockFile);
  }

  @Override
  public void ensureUnlocked(Path lockFile) {
    LockFile.ensureFree(lockFile);
  }

  interface Step {
    void run() throws IOException;
  }

  private static void run(Path path, String verb, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw failure(verb, path, e);
    }
  }

  /// Runs a step with the interrupt flag cleared, again from its start when an interrupt closed its
  /// channel, and sets the flag again at the end.
  static void uninterrupted(Step step) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          step.run();
          return;
        } catch (ClosedByInterruptException e) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      restore(interrupted);
    }
  }

  static void restore(boolean interrupted) {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean isWindows() {
    return System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("windows");
  }

  /// The typed error for an [IOException].
  static StoreIoException failure(String verb, Path path, @Nullable IOException cause) {
    String reason = cause == null ? "" : String.valueOf(cause.getMessage());
    boolean full =
        reason.contains("No space left")
            || reason.contains("not enough space")
            || reason.contains("quota exceeded");
    if (full && !verb.equals("force")) {
      return new StoreIoException(
          ErrorCode.STORE_DISK_FULL,
          "cannot " + verb + " " + path + ": the disk is full",
          "free some space and try again; nothing that was acknowledged is lost",
          cause);
    }
    if (cause instanceof NoSuchFileException) {
      return new StoreIoException(
          ErrorCode.STORE_PATH,
          "cannot " + verb + " " + path + ": no such file or folder",
          "check the path",
          cause);
    }
    if (cause instanceof java.nio.file.FileSystemException && !verb.equals("write")) {
      return new StoreIoException(
          ErrorCode.STORE_PATH,
          "cannot " + verb + " " + path + ": " + reasonOf(cause),
          "check that the path can be read and written by this user",
          cause);
    }
    return new StoreIoException(
        ErrorCode.STORE_IO, "cannot " + verb + " " + path + ": " + reason, null, cause);
  }

  private static String reasonOf(IOException cause) {
    return switch (cause) {
      case java.nio.file.AccessDeniedException denied -> "permission denied";
      case java.nio.file.FileAlreadyExistsException exists -> "a file is in the way";
      default -> String.valueOf(cause.getMessage());
    };
  }
}
