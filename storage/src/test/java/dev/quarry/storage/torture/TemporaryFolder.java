package dev.quarry.storage.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/// A folder of the machine that goes when it is closed, with all that is in it.
record TemporaryFolder(Path path) implements AutoCloseable {
  static TemporaryFolder make() {
    try {
      return new TemporaryFolder(TemporaryPaths.folder("quarry-torture"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      TemporaryPaths.delete(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
