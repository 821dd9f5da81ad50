package dev.quarry.bench;

import dev.quarry.storage.torture.TemporaryPaths;
import java.io.IOException;
import java.nio.file.Path;

/// A temporary folder that is deleted when it is closed, or when the process ends, be it by Ctrl-C.
public record Folder(Path path) implements AutoCloseable {
  public static Folder create() throws IOException {
    return new Folder(TemporaryPaths.folder("quarry-bench"));
  }

  public Path resolve(String name) {
    return path.resolve(name);
  }

  @Override
  public void close() throws IOException {
    TemporaryPaths.delete(path);
  }
}
