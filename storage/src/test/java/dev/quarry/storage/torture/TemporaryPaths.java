package dev.quarry.storage.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Files and folders of the machine that last until somebody deletes them, or until the process
/// ends, be it by Ctrl-C. Only one that is killed leaves them behind.
///
/// Threads: any.
public final class TemporaryPaths {
  private static final int TIMES = 5; // others may still write to a folder that is being deleted
  private static final Set<Path> left = ConcurrentHashMap.newKeySet();

  static {
    Thread hook = new Thread(() -> left.forEach(TemporaryPaths::tryToDelete), "quarry-temporary");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private TemporaryPaths() {}

  /// Makes a folder in the one for temporary files.
  public static Path folder(String prefix) throws IOException {
    return untilExit(Files.createTempDirectory(prefix));
  }

  /// Makes an empty file in the folder for temporary files.
  public static Path file(String prefix, String suffix) throws IOException {
    return untilExit(Files.createTempFile(prefix, suffix));
  }

  /// Has a file or folder that is there already go with the others.
  public static Path untilExit(Path path) {
    left.add(path);
    return path;
  }

  /// Deletes one of them, with all that is in it.
  public static void delete(Path path) throws IOException {
    deleteAll(path);
    left.remove(path);
  }

  private static void deleteAll(Path path) throws IOException {
    try (Stream<Path> all = Files.walk(path)) {
      List<Path> innermostFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path one : innermostFirst) {
        Files.delete(one);
      }
    }
  }

  private static void tryToDelete(Path path) {
    for (int times = 0; times < TIMES && Files.exists(path); times++) {
      try {
        deleteAll(path);
      } catch (IOException | RuntimeException e) {
        continue; // somebody has deleted a part of it, or has made another one
      }
    }
  }
}
