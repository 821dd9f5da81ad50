package dev.quarry.storage;

import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.io.DiskLock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The disk of the machine, with something to be done before each barrier, before and after each
/// write of a file, and before each look at a lock: to count, to wait, or to fail. Threads: any.
final class HookedDisk implements Disk {
  private final Disk disk = Disk.real();
  volatile Consumer<Path> beforeWrite = path -> {};
  volatile Consumer<Path> afterWrite = path -> {};
  volatile Consumer<Path> beforeForce = path -> {};
  volatile Consumer<Path> beforeLook = path -> {};

  @Override
  public DiskFile open(Path path, boolean create, boolean write) {
    return new HookedFile(disk.open(path, create, write));
  }

  @Override
  public boolean exists(Path path) {
    return disk.exists(path);
  }

  @Override
  public void rename(Path from, Path to) {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) {
    disk.delete(path);
  }

  @Override
  public List<Path> list(Path folder, String prefix) {
    return disk.list(folder, prefix);
  }

  @Override
  public void createDirectories(Path folder) {
    disk.createDirectories(folder);
  }

  @Override
  public void forceDirectory(Path folder) {
    disk.forceDirectory(folder);
  }

  @Override
  public DiskLock lock(Path lockFile) {
    return disk.lock(lockFile);
  }

  @Override
  public void ensureUnlocked(Path lockFile) {
    beforeLook.accept(lockFile);
    disk.ensureUnlocked(lockFile);
  }

  private final class HookedFile implements DiskFile {
    private final DiskFile file;

    HookedFile(DiskFile file) {
      this.file = file;
    }

    @Override
    public Path path() {
      return file.path();
    }

    @Override
    public void read(ByteBuffer target, long position) {
      file.read(target, position);
    }

    @Override
    public void write(ByteBuffer source, long position) {
      beforeWrite.accept(file.path());
      file.write(source, position);
      afterWrite.accept(file.path());
    }

    @Override
    public void force() {
      beforeForce.accept(file.path());
      file.force();
    }

    @Override
    public long size() {
      return file.size();
    }

    @Override
    public void truncate(long size) {
      file.truncate(size);
    }

    @Override
    public MemorySegment map(long position, long bytes) {
      return file.map(position, bytes);
    }

    @Override
    public void close() {
      file.close();
    }
  }
}
