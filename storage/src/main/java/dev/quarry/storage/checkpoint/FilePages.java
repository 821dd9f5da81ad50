package dev.quarry.storage.checkpoint;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.io.DiskFile;
import dev.quarry.storage.memory.MapWindow;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageFile;
import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The pages in the file, through read-only windows that live as long as the store.
///
/// The file grows in steps, and each step is one more window. Nothing is read through a window
/// before its checksum was compared, and nothing is written but at places that nobody reaches.
/// Threads: readers call [#address] and [#verified] at any time; a transaction may spill while a
/// checkpoint writes; the rest is under the writer's lock.
final class FilePages implements PageFile, AutoCloseable {
  private static final long LEAST_STEP = 1L << 20;
  private static final long MOST_STEP = 64L << 20;

  // Windows begin at multiples of the largest page, and pages at multiples of their size: so no
  // page
  // lies across two windows.
  private static final long ALIGNMENT = 16;

  private record Window(long place, long places, MapWindow map) {}

  private final DiskFile file;
  private final EarlyBarriers barriers;
  private final Places places;
  private final long storeSeed;
  private final List<MapWindow> maps = new ArrayList<>();
  private volatile Window[] windows = {};
  private volatile Consumer<CorruptPageException> onFault = error -> {};

  FilePages(DiskFile file, EarlyBarriers barriers, Places places, UUID uuid) {
    this.file = file;
    this.barriers = barriers;
    this.places = places;
    this.storeSeed = seed(uuid);
  }

  /// Maps the file as far as it goes.
  void open() {
    long count = file.size() >>> 12;
    if (count > 0) {
      addWindow(0, count);
    }
  }

  @Override
  public long address(long place) {
    Window[] all = windows;
    int low = 0;
    int high = all.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      Window window = all[middle];
      if (place < window.place) {
        high = middle - 1;
      } else if (place >= window.place + window.places) {
        low = middle + 1;
      } else {
        return window.map.address() + ((place - window.place) << 12);
      }
    }
    throw new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "place %d of %s lies past its end (%d places)".formatted(place, file.path(), end(all)),
        "run `quarry check`");
  }

  @Override
  public long verified(
      int space, int level, long index, long place, int bytes, int checksum, long birth) {
    long address = address(place);
    int computed;
    try {
      address(place + (bytes >>> 12) - 1);
      computed = checksum(space, level, index, address, bytes, birth);
      Memory.awaitFaults(); // nothing on the way here has to stop the thread
    } catch (InternalError e) {
      throw faulted(e, "at offset " + (place << 12));
    }
    if (computed != checksum) {
      throw new CorruptPageException(
          ErrorCode.CHECKSUM,
          "%s %d of space %d failed its checksum: stored=%08x computed=%08x (%s offset %d)"
              .formatted(
                  level == 0 ? "page" : "node",
                  index,
                  space,
                  checksum,
                  computed,
                  file.path(),
                  place << 12),
          "run `quarry check`");
    }
    return address;
  }

  /// The typed error of a fault in a window, of which who listens is told.
  ///
  /// @throws InternalError if it is another one
  CorruptPageException faulted(InternalError error, String where) {
    if (!Memory.isMapFault(error)) {
      throw error;
    }
    return cut(where, error);
  }

  /// Makes sure that nothing has cut the file. What is written behind its end would leave a hole of
  /// zeros, which nobody can tell from pages that were verified before.
  void ensureWhole() {
    if (file.size() < end(windows) << 12) {
      throw cut("to its end", null);
    }
  }

  private CorruptPageException cut(String where, @Nullable InternalError fault) {
    CorruptPageException error =
        new CorruptPageException(
            ErrorCode.STORE_DAMAGED,
            "%s cannot be read %s, as it could before: it has %,d bytes, %,d were mapped"
                .formatted(file.path(), where, file.size(), end(windows) << 12),
            "something else may have cut the file, or its device fails: close the store, and"
                + " restore the file from a backup",
            fault);
    onFault.accept(error);
    return error;
  }

  /// Who is told of faults, from any thread.
  void onFault(Consumer<CorruptPageException> listener) {
    onFault = listener;
  }

  @Override
  public int checksum(int space, int level, long index, long address, int bytes, long birth) {
    return checksum(storeSeed, space, level, index, address, bytes, birth);
  }

  /// What a store's identity adds to the checksums of its pages.
  static long seed(UUID uuid) {
    return Memory.mix(uuid.getMostSignificantBits() ^ Memory.mix(uuid.getLeastSignificantBits()));
  }

  static int checksum(
      long storeSeed, int space, int level, long index, long address, int bytes, long birth) {
    long what = Memory.mix((long) space << 8 | level) ^ index;
    int seed = (int) Memory.mix(storeSeed ^ Memory.mix(what) ^ Memory.mix(~birth));
    return Memory.crc32c(seed, address, bytes);
  }

  @Override
  public long spill(long address, int bytes) {
    long place = allocate(bytes >>> 12);
    try {
      write(place, address, bytes);
    } catch (RuntimeException e) {
      places.release(place, bytes >>> 12);
      throw e;
    }
    barriers.wrote(bytes);
    return place;
  }

  @Override
  public void discard(long place, int bytes) {
    places.release(place, bytes >>> 12);
  }

  /// Takes places, which the file covers.
  synchronized long allocate(int count) {
    long place = places.allocate(count);
    try {
      cover(place + count);
    } catch (RuntimeException e) {
      places.release(place, count);
      throw e;
    }
    return place;
  }

  /// Cuts the file behind the last place in use. Nothing is allocated meanwhile but by this lock,
  /// and nobody looks at what lies behind it: windows go on to show what they showed before it.
  synchronized void cut() {
    long end = places.shrink();
    if (end >= end(windows)) {
      return;
    }
    List<Window> left = new ArrayList<>();
    for (Window window : windows) {
      if (window.place < end) {
        left.add(new Window(window.place, Math.min(window.places, end - window.place), window.map));
      }
    }
    windows = left.toArray(Window[]::new);
    file.truncate(end << 12);
    file.force();
  }

  void write(long place, long address, int bytes) {
    file.write(Memory.view(address, bytes), place << 12);
  }

  private void cover(long count) {
    long end = end(windows);
    if (count > end) {
      long step = Math.clamp((end << 12) / 4, LEAST_STEP, MOST_STEP) >>> 12;
      long newEnd = (Math.max(count, end + step) + ALIGNMENT - 1) & -ALIGNMENT;
      file.truncate(newEnd << 12);
      long start = end & -ALIGNMENT;
      addWindow(start, newEnd - start);
    }
  }

  private void addWindow(long place, long count) {
    MapWindow map = MapWindow.of(file.map(place << 12, count << 12));
    maps.add(map);
    List<Window> all = new ArrayList<>();
    for (Window window : windows) {
      long kept = Math.min(window.places, place - window.place);
      if (kept > 0) {
        all.add(new Window(window.place, kept, window.map));
      }
    }
    all.add(new Window(place, count, map));
    Sched.point(Point.MAP);
    windows = all.toArray(Window[]::new);
  }

  private static long end(Window[] all) {
    return all.length == 0 ? 0 : all[all.length - 1].place + all[all.length - 1].places;
  }

  @Override
  public void close() {
    maps.forEach(MapWindow::close);
    maps.clear();
    windows = new Window[0];
  }
}
