package dev.quarry.cli.shell;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where the history of the shell is kept: in the user's folder of state, for nobody else to read.
public final class HistoryFile {
  private HistoryFile() {}

  /// `$XDG_STATE_HOME/quarry/history`, else below `~/.local/state`, on Windows below
  /// `%LOCALAPPDATA%`.
  ///
  /// @param environment of the process
  /// @param home of the user
  public static Path of(Map<String, String> environment, String home) {
    @Nullable String state = environment.get("XDG_STATE_HOME");
    if (state == null || state.isEmpty()) {
      state = environment.get("LOCALAPPDATA");
    }
    Path folder =
        state == null || state.isEmpty() ? Path.of(home, ".local", "state") : Path.of(state);
    return folder.resolve("quarry").resolve("history");
  }

  /// Makes the file if it is missing, and takes it away from others.
  ///
  /// @return whether it can be used; if not, the shell goes on without
  static boolean prepare(Path file) {
    try {
      Path folder = file.toAbsolutePath().getParent();
      if (folder != null && !Files.isDirectory(folder)) {
        Files.createDirectories(folder);
        restrict(folder, "rwx------");
      }
      try {
        Files.createFile(file);
      } catch (FileAlreadyExistsException e) {
        if (!Files.isRegularFile(file)) {
          return false;
        }
      }
      restrict(file, "rw-------");
      return Files.isWritable(file);
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private static void restrict(Path path, String permissions) throws IOException {
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }
  }
}
