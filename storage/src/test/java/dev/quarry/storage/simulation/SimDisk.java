package dev.quarry.storage.simulation;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import dev.quarry.error.StoreOpenException;
import dev.quarry.storage.io.Disk;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.io.DiskLock;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.simulation.FaultPlan.Fault;
import dev.quarry.storage.simulation.FaultPlan.Operation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A disk in memory that knows what a crash would leave, and that fails as it is told.
///
/// ```text
///   write, resize, create, rename, delete          force of its file, or of the folder
///   ──────────────────────► live image   pending units ──────────────► durable image
/// ```
///
/// A write is a unit per sector; a change of size and of a name are units of their own. A crash
/// leaves the durable image and any subset of the pending units, and one sector may hold garbage:
/// [CrashPoint], [CrashStates]. The model: a sector of 512 bytes is atomic or garbage, and a
/// barrier that succeeded lets nothing move across it. A name needs the barrier of its folder. Size
/// and content are independent: a size may be durable without the content, which then reads as
/// zeros, and the content without the size, which then hides it.
///
/// Threads: one at a time.
public final class SimDisk implements Disk {
  /// The size of a sector.
  public static final int SECTOR = 512;

  SimImage live;
  final SimMaps maps = new SimMaps();
  private SimImage durable;
  private final int sectorBytes;
  private List<Unit> pending = new ArrayList<>();
  private final List<CrashPoint> points = new ArrayList<>();
  private final Set<Path> locks = new HashSet<>();
  private final List<SimFile> open = new ArrayList<>();
  private boolean recording;
  private int acknowledged = -1;
  private int files;
  private long capacity = Long.MAX_VALUE;
  private long peak;
  private @Nullable FaultPlan plan;
  private long counted;
  private long operations;
  private boolean barrierFailed;
  private boolean dropped;
  private boolean truncateMapped = true;
  private boolean forceDirectory = true;
  private boolean replaceOpen = true;

  public SimDisk() {
    this(SECTOR);
  }

  /// @param sectorBytes what a crash loses or keeps as a whole: 512 or 4096
  public SimDisk(int sectorBytes) {
    this(new SimImage(), sectorBytes);
  }

  SimDisk(SimImage image, int sectorBytes) {
    assert SimContent.CHUNK % sectorBytes == 0 : sectorBytes;
    this.live = image;
    this.durable = image.fork();
    this.sectorBytes = sectorBytes;
    this.files = image.contents.keySet().stream().mapToInt(file -> file).max().orElse(0);
  }

  // What may be told to it.

  /// Keeps a [CrashPoint] before each barrier from now on.
  public SimDisk recording() {
    recording = true;
    return this;
  }

  /// Notes how many commits were acknowledged so far.
  public void acknowledge(int commits) {
    acknowledged = commits;
  }

  /// What goes wrong from now on; null for nothing. Operations are counted anew.
  public void fail(@Nullable FaultPlan newPlan) {
    plan = newPlan;
    counted = 0;
  }

  /// Runs what ends a store, then takes back all that it did to this disk: as if the process had
  /// been killed before. Nothing fails meanwhile.
  public void undoing(Runnable end) {
    SimImage liveBefore = live.fork();
    SimImage durableBefore = durable.fork();
    List<Unit> pendingBefore = new ArrayList<>(pending);
    FaultPlan planBefore = plan;
    boolean recordingBefore = recording;
    long capacityBefore = capacity;
    plan = null;
    recording = false;
    capacity = Long.MAX_VALUE;
    try {
      end.run();
    } finally {
      live = liveBefore;
      durable = durableBefore;
      pending = pendingBefore;
      plan = planBefore;
      recording = recordingBefore;
      capacity = capacityBefore;
    }
  }

  /// How much its files may take up, in steps of 4 KiB.
  public void capacity(long bytes) {
    capacity = bytes;
  }

  /// Whether there is an end to it.
  public boolean bounded() {
    return capacity != Long.MAX_VALUE;
  }

  /// Switches off what some systems lack.
  public SimDisk without(boolean truncatingMapped, boolean forcingDirectories, boolean replacing) {
    truncateMapped = !truncatingMapped;
    forceDirectory = !forcingDirectories;
    replaceOpen = !replacing;
    return this;
  }

  // What may be asked.

  /// The points recorded so far, and the present moment as the last.
  public List<CrashPoint> points() {
    List<CrashPoint> all = new ArrayList<>(points);
    all.add(point());
    return all;
  }

  /// The present moment.
  public CrashPoint point() {
    return new CrashPoint(
        points.size(), durable.fork(), List.copyOf(pending), acknowledged, sectorBytes);
  }

  /// The disk if the process dies now, and the machine does not: nothing is lost.
  public SimDisk afterKill() {
    return copy();
  }

  /// A disk with the same content, all of it durable.
  public SimDisk copy() {
    return new SimDisk(live.fork(), sectorBytes);
  }

  /// How many operations there were since [#fail] that the plan's fault is for.
  public long counted() {
    return counted;
  }

  /// Whether a barrier has failed, by plan.
  public boolean barrierFailed() {
    return barrierFailed;
  }

  public void forgetFailedBarrier() {
    barrierFailed = false;
  }

  /// Bytes that its files take up.
  public long usedBytes() {
    return live.usedBytes();
  }

  /// The most that they ever took up.
  public long peakBytes() {
    return Math.max(peak, usedBytes());
  }

  /// The names of all files.
  public List<Path> paths() {
    return List.copyOf(live.names.keySet());
  }

  /// Files that are open, and locks that are held.
  public List<String> held() {
    List<String> held = new ArrayList<>();
    open.forEach(file -> held.add("open: " + file.path()));
    locks.forEach(path -> held.add("locked: " + path));
    return held;
  }

  /// The bytes of a file, to be damaged by [#overwrite].
  public byte[] bytes(Path path) {
    SimContent content = live.content(file(path));
    byte[] bytes = new byte[(int) content.size()];
    content.read(0, java.nio.ByteBuffer.wrap(bytes));
    return bytes;
  }

  /// One byte of a file.
  public byte byteAt(Path path, long position) {
    byte[] chunk = live.content(file(path)).chunk(position / SimContent.CHUNK);
    return chunk[(int) (position % SimContent.CHUNK)];
  }

  /// Puts bytes where they are durable at once, past all plans.
  public void overwrite(Path path, long position, byte[] bytes) {
    for (SimImage image : List.of(live, durable)) {
      SimContent content = image.content(file(path));
      for (int done = 0; done < bytes.length; ) {
        int within = (int) ((position + done) % SimContent.CHUNK);
        int count = Math.min(SimContent.CHUNK - within, bytes.length - done);
        content.put(position + done, bytes, done, count);
        done += count;
      }
      content.resize(Math.max(content.size(), position + bytes.length));
    }
  }

  /// Cuts a file off, durably, past all plans.
  public void cut(Path path, long size) {
    live.content(file(path)).resize(size);
    durable.content(file(path)).resize(size);
  }

  // The disk.

  @Override
  public boolean canTruncateMapped() {
    return truncateMapped;
  }

  @Override
  public boolean canForceDirectory() {
    return forceDirectory;
  }

  @Override
  public boolean canReplaceOpen() {
    return replaceOpen;
  }

  @Override
  public DiskFile open(Path path, boolean create, boolean write) {
    Integer file = live.names.get(path);
    begin(file == null && create ? Operation.CREATE : Operation.OPEN, path);
    if (file == null) {
      if (!create) {
        throw new StoreIoException(ErrorCode.STORE_PATH, "no simulated file " + path);
      }
      file = ++files;
      name(new Unit.Create(path, file));
    }
    SimFile opened = new SimFile(this, path, file);
    open.add(opened);
    return opened;
  }

  @Override
  public boolean exists(Path path) {
    return live.names.containsKey(path);
  }

  @Override
  public void rename(Path from, Path to) {
    begin(Operation.RENAME, to);
    ensureReplaceable(to);
    name(new Unit.Rename(from, to, file(from)));
  }

  @Override
  public void delete(Path path) {
    if (exists(path)) {
      begin(Operation.DELETE, path);
      ensureReplaceable(path);
      name(new Unit.Delete(path, file(path)));
    }
  }

  @Override
  public List<Path> list(Path folder, String prefix) {
    begin(Operation.LIST, folder);
    return live.names.keySet().stream()
        .filter(path -> folder.equals(path.toAbsolutePath().getParent()))
        .filter(path -> String.valueOf(path.getFileName()).startsWith(prefix))
        .toList();
  }

  @Override
  public void createDirectories(Path folder) {}

  @Override
  public void forceDirectory(Path folder) {
    if (forceDirectory) {
      barrier(Operation.FORCE_NAMES, folder, 0);
    }
  }

  /// At once, unless there is a simulation that orders threads.
  @Override
  public void beside(String name, Runnable work) {
    if (Sched.SIMULATION.isBound()) {
      Sched.start(name, work);
    } else {
      work.run();
    }
  }

  @Override
  public DiskLock lock(Path lockFile) {
    ensureUnlocked(lockFile);
    locks.add(lockFile);
    return () -> locks.remove(lockFile);
  }

  @Override
  public void ensureUnlocked(Path lockFile) {
    if (locks.contains(lockFile)) {
      throw new StoreOpenException(
          ErrorCode.STORE_LOCKED, lockFile + " is locked", "close the store that holds it");
    }
  }

  // For its files.

  /// Counts an operation, and lets it fail if that is planned.
  ///
  /// @return a fault that the operation itself must act out, or null
  @Nullable Fault begin(Operation operation, Path path) {
    operations++;
    FaultPlan current = plan;
    if (current == null || !current.fault().hits(operation)) {
      return null;
    }
    long number = counted++;
    if (current.sticky() ? number < current.at() : number != current.at()) {
      return null;
    }
    switch (current.fault()) {
      case EIO -> throw failure(ErrorCode.STORE_IO, operation, path);
      case DISK_FULL -> throw failure(ErrorCode.STORE_DISK_FULL, operation, path);
      case INTERRUPT -> Thread.currentThread().interrupt();
      default -> {}
    }
    return current.fault();
  }

  StoreIoException failure(ErrorCode code, Operation operation, Path path) {
    return new StoreIoException(
        code, "simulated failure: " + operation + " of " + path + ", operation " + operations);
  }

  /// The barrier of a file, or with 0, of the folder.
  void barrier(Operation operation, Path path, int file) {
    peak = peakBytes();
    if (recording) {
      points.add(point());
    }
    Fault fault;
    try {
      fault = begin(operation, path);
    } catch (StoreIoException e) {
      barrierFailed = true;
      throw e;
    }
    barrierFailed |= fault == Fault.FORCE_FAILS || fault == Fault.FORCE_DROPS;
    if (fault == Fault.FORCE_FAILS) {
      throw failure(ErrorCode.STORE_IO, operation, path);
    }
    boolean drops = fault == Fault.FORCE_DROPS || fault == Fault.FORCE_LIES;
    List<Unit> kept = new ArrayList<>();
    for (Unit unit : pending) {
      if (unit.file() != file) {
        kept.add(unit);
      } else if (!drops) {
        unit.apply(durable);
      }
    }
    pending = kept;
    dropped |= drops;
    if (fault == Fault.FORCE_DROPS) {
      throw failure(ErrorCode.STORE_IO, operation, path);
    }
  }

  /// Whether so many more chunks fit.
  boolean fits(int chunks) {
    return capacity == Long.MAX_VALUE
        || live.usedBytes() + (long) chunks * SimContent.CHUNK <= capacity;
  }

  int sectorBytes() {
    return sectorBytes;
  }

  /// Whether the durable image may lack what the live one has and nothing is pending of, so that
  /// the same bytes must be written once more.
  boolean dropped() {
    return dropped;
  }

  long durableSize(int file) {
    return durable.content(file).size();
  }

  void pend(Unit unit) {
    pending.add(unit);
  }

  void closed(SimFile file) {
    open.remove(file);
  }

  private void name(Unit unit) {
    unit.apply(live);
    if (forceDirectory) {
      pending.add(unit);
    } else {
      unit.apply(durable); // such a system writes names into its own log
    }
  }

  private int file(Path path) {
    Integer file = live.names.get(path);
    if (file == null) {
      throw new StoreIoException(ErrorCode.STORE_PATH, "no simulated file " + path);
    }
    return file;
  }

  private void ensureReplaceable(Path path) {
    if (!replaceOpen && open.stream().anyMatch(file -> file.path().equals(path))) {
      throw new StoreIoException(
          ErrorCode.STORE_PATH, path + " is open, and this system does not replace such a file");
    }
  }
}
