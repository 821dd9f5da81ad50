package dev.quarry.storage.simulation;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.io.DiskLock;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// A disk in memory that remembers every operation, so that a test can ask what a crash would
/// leave.
///
/// A write, a change of size and a change of a name are *pending* until a barrier of their file, or
/// of the folder, covers them. [#after] rebuilds the disk from the operations before some point,
/// without one that may be lost. Faults: [#failing] makes operations fail. Threads: one at a time.
public final class SimDisk implements Disk {
  private enum Kind {
    CREATE,
    WRITE,
    TRUNCATE,
    RENAME,
    DELETE,
    FORCE,
    FORCE_NAMES
  }

  /// One operation; `file` is the number of the file, 0 for operations on names.
  private record Operation(
      Kind kind, int file, @Nullable Path path, @Nullable Path to, long at, byte[] bytes) {
    boolean ofNames() {
      return kind == Kind.CREATE || kind == Kind.RENAME || kind == Kind.DELETE;
    }

    boolean isBarrier() {
      return kind == Kind.FORCE || kind == Kind.FORCE_NAMES;
    }
  }

  private record Mapped(long position, byte[] bytes) {}

  private final List<Operation> operations = new ArrayList<>();
  private final Map<Path, Integer> names = new TreeMap<>();
  private final Map<Integer, SimContent> contents = new HashMap<>();
  private final Map<Integer, List<Mapped>> maps = new HashMap<>();
  private int files;
  private IntPredicate failing = operation -> false;
  private ErrorCode failure = ErrorCode.STORE_IO;

  /// How many operations there were so far.
  public int operationCount() {
    return operations.size();
  }

  /// Lets operations fail whose number fulfils the predicate. A full disk fails no barrier.
  public void failing(ErrorCode code, IntPredicate which) {
    failure = code;
    failing = which;
  }

  /// The numbers of the operations before `count` that no barrier before `count` covers.
  public List<Integer> pending(int count) {
    List<Integer> pending = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Operation operation = operations.get(i);
      if (!operation.isBarrier()) {
        pending.add(i);
      } else if (operation.kind == Kind.FORCE) {
        pending.removeIf(
            p -> operations.get(p).file == operation.file && !operations.get(p).ofNames());
      } else {
        pending.removeIf(p -> operations.get(p).ofNames());
      }
    }
    return pending;
  }

  /// The disk after the first `count` operations, without the one numbered `lost` (-1: none).
  public SimDisk after(int count, int lost) {
    SimDisk disk = new SimDisk();
    for (int i = 0; i < count; i++) {
      if (i != lost) {
        disk.apply(operations.get(i));
      }
    }
    disk.files = files;
    disk.operations.clear();
    return disk;
  }

  /// What an operation was, for messages.
  public String describe(int operation) {
    if (operation < 0) {
      return "nothing";
    }
    Operation o = operations.get(operation);
    return o.kind + " of file " + o.file + " at " + o.at + " (" + o.bytes.length + " bytes)";
  }

  /// The names of all files.
  public List<Path> paths() {
    return List.copyOf(names.keySet());
  }

  private void run(Operation operation) {
    boolean immune = failure == ErrorCode.STORE_DISK_FULL && operation.isBarrier();
    if (!immune && failing.test(operations.size())) {
      throw new StoreIoException(
          failure, "simulated failure of operation " + operations.size() + ": " + operation.kind);
    }
    operations.add(operation);
    apply(operation);
  }

  private void apply(Operation operation) {
    SimContent content = contents.computeIfAbsent(operation.file, file -> new SimContent());
    switch (operation.kind) {
      case CREATE -> names.put(path(operation), operation.file);
      case WRITE -> {
        content.write(operation.at, operation.bytes);
        show(operation);
      }
      case TRUNCATE -> content.truncate(operation.at);
      case RENAME -> {
        Integer file = names.remove(path(operation));
        Path to = operation.to;
        if (file != null && to != null) {
          names.put(to, file);
        }
      }
      case DELETE -> names.remove(path(operation));
      case FORCE, FORCE_NAMES -> {}
    }
  }

  private static Path path(Operation operation) {
    Path path = operation.path;
    if (path == null) {
      throw new IllegalStateException(operation.kind + " without a path");
    }
    return path;
  }

  private void show(Operation write) {
    for (Mapped map : maps.getOrDefault(write.file, List.of())) {
      for (int i = 0; i < write.bytes.length; i++) {
        long at = write.at + i - map.position;
        if (at >= 0 && at < map.bytes.length) {
          map.bytes[(int) at] = write.bytes[i];
        }
      }
    }
  }

  private static final byte[] NO_BYTES = {};

  @Override
  public DiskFile open(Path path, boolean create, boolean write) {
    Integer file = names.get(path);
    if (file == null) {
      if (!create) {
        throw new StoreIoException(ErrorCode.STORE_PATH, "no simulated file " + path);
      }
      file = ++files;
      run(new Operation(Kind.CREATE, file, path, null, 0, NO_BYTES));
    }
    return new SimFile(path, file);
  }

  @Override
  public boolean exists(Path path) {
    return names.containsKey(path);
  }

  @Override
  public void rename(Path from, Path to) {
    run(new Operation(Kind.RENAME, 0, from, to, 0, NO_BYTES));
  }

  @Override
  public void delete(Path path) {
    if (names.containsKey(path)) {
      run(new Operation(Kind.DELETE, 0, path, null, 0, NO_BYTES));
    }
  }

  @Override
  public List<Path> list(Path folder, String prefix) {
    return names.keySet().stream()
        .filter(
            path ->
                folder.equals(path.toAbsolutePath().getParent()) || folder.equals(path.getParent()))
        .filter(path -> String.valueOf(path.getFileName()).startsWith(prefix))
        .toList();
  }

  @Override
  public void createDirectories(Path folder) {}

  @Override
  public void forceDirectory(Path folder) {
    run(new Operation(Kind.FORCE_NAMES, 0, null, null, 0, NO_BYTES));
  }

  @Override
  public DiskLock lock(Path lockFile) {
    return () -> {};
  }

  private final class SimFile implements DiskFile {
    private final Path path;
    private final int file;

    SimFile(Path path, int file) {
      this.path = path;
      this.file = file;
    }

    private SimContent content() {
      return contents.computeIfAbsent(file, id -> new SimContent());
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public void read(ByteBuffer target, long position) {
      if (position + target.remaining() > size()) {
        throw new StoreIoException(ErrorCode.STORE_IO, path + " ends at " + size());
      }
      content().read(position, target);
    }

    @Override
    public void write(ByteBuffer source, long position) {
      byte[] bytes = new byte[source.remaining()];
      source.get(bytes);
      run(new Operation(Kind.WRITE, file, null, null, position, bytes));
    }

    @Override
    public void force() {
      run(new Operation(Kind.FORCE, file, null, null, 0, NO_BYTES));
    }

    @Override
    public long size() {
      return content().size();
    }

    @Override
    public void truncate(long size) {
      run(new Operation(Kind.TRUNCATE, file, null, null, size, NO_BYTES));
    }

    @Override
    public MemorySegment map(long position, long bytes) {
      byte[] shown = new byte[(int) bytes];
      content().read(position, ByteBuffer.wrap(shown));
      maps.computeIfAbsent(file, id -> new ArrayList<>()).add(new Mapped(position, shown));
      return MemorySegment.ofArray(shown);
    }

    @Override
    public void close() {
      maps.remove(file);
    }
  }
}
