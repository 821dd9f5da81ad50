package dev.quarry.storage.simulation;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// One thing that a crash may lose or keep: it happens whole or not at all, but for a torn sector.
sealed interface Unit {
  /// Makes it happen.
  void apply(SimImage image);

  /// The file whose barrier makes it durable; 0 for a name, which a barrier of the folder covers.
  int file();

  /// The content of a sector after a write.
  record Sector(int file, long at, byte[] bytes) implements Unit {
    @Override
    public void apply(SimImage image) {
      image.content(file).put(at, bytes, 0, bytes.length);
    }

    @Override
    public String toString() {
      return "sector at %d of file %d".formatted(at, file);
    }
  }

  /// A change of size.
  record Resize(int file, long size) implements Unit {
    @Override
    public void apply(SimImage image) {
      image.content(file).resize(size);
    }
  }

  record Create(Path path, int created) implements Unit {
    @Override
    public void apply(SimImage image) {
      image.names.put(path, created);
    }

    @Override
    public int file() {
      return 0;
    }
  }

  record Rename(Path from, Path to, int moved) implements Unit {
    @Override
    public void apply(SimImage image) {
      image.names.remove(from, moved);
      image.names.put(to, moved);
    }

    @Override
    public int file() {
      return 0;
    }
  }

  record Delete(Path path, int deleted) implements Unit {
    @Override
    public void apply(SimImage image) {
      image.names.remove(path, deleted);
    }

    @Override
    public int file() {
      return 0;
    }
  }

  /// What a later unit with the same target makes superfluous; null if nothing does.
  static @Nullable Object target(Unit unit) {
    return switch (unit) {
      case Sector sector -> new Target(sector.file, sector.at);
      default -> null;
    };
  }

  /// A sector of a file.
  record Target(int file, long at) {}
}
