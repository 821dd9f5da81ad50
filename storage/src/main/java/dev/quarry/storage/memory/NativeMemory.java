package dev.quarry.storage.memory;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The native memory of one store: extents, and the frames and chunks cut out of them.
///
/// A frame of 4 or 16 KiB is cut out of a span of 64 KiB; larger pieces are runs of spans; what is
/// larger than an extent has an extent of its own. The first extent is taken on first use, and one
/// empty extent is kept in reserve.
///
/// What is handed out is charged to the account that asked; the part of the extents that is free to
/// the account `extents`. Invariant: both together are the bytes of all extents. Threads: any; one
/// lock, held for some tens of nanoseconds.
public final class NativeMemory implements AutoCloseable {
  static final byte POISON = (byte) 0xDD;

  private final Budget budget;
  private final Budget slack;
  private final NativeSource choice;
  private @Nullable ExtentSource source;
  private final TreeMap<Long, Extent> extents = new TreeMap<>();
  private final List<Extent> whole = new ArrayList<>();
  private final ArrayDeque<SpanFrames> small = new ArrayDeque<>();
  private final ArrayDeque<SpanFrames> medium = new ArrayDeque<>();
  private @Nullable Extent lastUsed;
  private @Nullable Extent lastFound;
  private long bytes;

  /// @param root the account that everything is charged to in the end
  /// @param choice where extents come from
  public NativeMemory(Budget root, NativeSource choice) {
    this.budget = root;
    this.choice = choice;
    this.slack = root.child("extents");
    if (choice == NativeSource.CHRONICLE) {
      source = ExtentSource.of(choice);
    }
  }

  /// The root account.
  public Budget budget() {
    return budget;
  }

  /// Bytes of all extents.
  public synchronized long extentBytes() {
    return bytes;
  }

  /// A frame of 4, 16 or 64 KiB, charged to `account`.
  ///
  /// @param zeroed whether it must hold zeros; else its bytes may be anything
  /// @throws dev.quarry.error.MemoryBudgetException if the account or a parent of it is full
  public long allocateFrame(int frameBytes, Budget account, boolean zeroed) {
    long address = take(frameBytes, account);
    if (zeroed) {
      Memory.fill(address, frameBytes, (byte) 0);
    }
    return address;
  }

  /// Takes a frame back.
  public void freeFrame(long address, int frameBytes, Budget account) {
    give(address, frameBytes, account);
  }

  /// A new scratch whose chunks are charged to `account`.
  public Scratch scratch(Budget account) {
    return new Scratch(this, account);
  }

  /// Scratches that end together, and whose chunks are charged to `account`.
  public Scratches scratches(Budget account) {
    return new Scratches(this, account);
  }

  /// Gives the extents back of which nothing is in use.
  public synchronized void trim() {
    giveBackEmpty(0);
  }

  /// Takes `size` bytes: a frame's size or a multiple of 64 KiB.
  synchronized long take(long size, Budget account) {
    if (size > Extent.BYTES) {
      return takeWhole(size, account);
    }
    long address = find(size);
    if (address == 0) {
      addExtent();
      address = find(size);
    }
    try {
      account.claim(size, slack, budget);
    } catch (RuntimeException e) {
      put(address, size);
      throw e;
    }
    Ranges.mark(address, size, true);
    return address;
  }

  synchronized void give(long address, long size, Budget account) {
    if (Memory.checkMode()) {
      Memory.fill(address, size, POISON);
    }
    if (size > Extent.BYTES) {
      account.release(size);
      giveWhole(address, size);
      return;
    }
    account.handOver(size, slack, budget);
    Ranges.mark(address, size, false);
    if (put(address, size).empty()) {
      giveBackEmpty(1);
    }
  }

  /// Gives all extents back. All frames and chunks must have come back before.
  @Override
  public synchronized void close() {
    giveBackEmpty(0);
    assert extents.isEmpty() : leak();
    assert whole.isEmpty() : leak();
    slack.close();
  }

  private long takeWhole(long size, Budget account) {
    account.reserve(size);
    try {
      Extent extent = source().allocate(size);
      Ranges.mark(extent.base, size, true);
      whole.add(extent);
      bytes += size;
      return extent.base;
    } catch (RuntimeException e) {
      account.release(size);
      throw e;
    }
  }

  private void giveWhole(long address, long size) {
    for (Extent extent : whole) {
      if (extent.base == address) {
        assert extent.bytes == size : extent.bytes + " taken, " + size + " given back";
        whole.remove(extent);
        bytes -= size;
        extent.close();
        return;
      }
    }
    throw new AssertionError("no extent begins at " + Long.toHexString(address));
  }

  private void addExtent() {
    slack.reserve(Extent.BYTES);
    try {
      Extent extent = source().allocate(Extent.BYTES);
      extents.put(extent.base, extent);
      bytes += Extent.BYTES;
    } catch (RuntimeException e) {
      slack.release(Extent.BYTES);
      throw e;
    }
  }

  private ExtentSource source() {
    if (source == null) {
      source = ExtentSource.of(choice);
    }
    return source;
  }

  /// The address of free bytes, now taken; 0 if no extent has them.
  private long find(long size) {
    if (size < Extent.SPAN_BYTES) {
      return findFrame((int) size);
    }
    int count = (int) (size >>> Extent.SPAN_SHIFT);
    assert (long) count << Extent.SPAN_SHIFT == size : size;
    Extent recent = lastUsed;
    int span = recent == null ? -1 : recent.takeSpans(count);
    if (recent != null && span >= 0) {
      return recent.addressOf(span);
    }
    for (Extent extent : extents.values()) {
      span = extent.takeSpans(count);
      if (span >= 0) {
        lastUsed = extent;
        return extent.addressOf(span);
      }
    }
    return 0;
  }

  private long findFrame(int size) {
    ArrayDeque<SpanFrames> list = list(size);
    SpanFrames frames = list.peekLast();
    if (frames == null) {
      long span = find(Extent.SPAN_BYTES);
      if (span == 0) {
        return 0;
      }
      Extent extent = extentOf(span);
      frames = new SpanFrames(extent, extent.spanOf(span), size);
      extent.frames(frames.span, frames);
      frames.listed = true;
      list.addLast(frames);
    }
    long address = frames.take();
    if (frames.full()) {
      list.removeLast();
      frames.listed = false;
    }
    return address;
  }

  /// Returns the extent that the bytes went back to.
  private Extent put(long address, long size) {
    Extent extent = extentOf(address);
    int span = extent.spanOf(address);
    if (size >= Extent.SPAN_BYTES) {
      extent.freeSpans(span, (int) (size >>> Extent.SPAN_SHIFT));
      return extent;
    }
    SpanFrames frames = extent.frames(span);
    assert frames != null : "span " + span + " holds no frames";
    assert frames.frameBytes == size : frames.frameBytes + " taken, " + size + " given back";
    frames.give(address);
    ArrayDeque<SpanFrames> list = list((int) size);
    if (frames.empty()) {
      if (frames.listed) {
        list.remove(frames);
      }
      extent.frames(span, null);
      extent.freeSpans(span, 1);
    } else if (!frames.listed) {
      frames.listed = true;
      list.addFirst(frames);
    }
    return extent;
  }

  /// The extent of an address, often that of the one before.
  private Extent extentOf(long address) {
    Extent extent = lastFound;
    if (extent == null || Long.compareUnsigned(address - extent.base, Extent.BYTES) >= 0) {
      extent = extents.floorEntry(address).getValue();
      lastFound = extent;
    }
    return extent;
  }

  private ArrayDeque<SpanFrames> list(int size) {
    assert size == 4096 || size == 16384 : size;
    return size == 4096 ? small : medium;
  }

  private void giveBackEmpty(int reserve) {
    int empty = 0;
    for (var all = extents.values().iterator(); all.hasNext(); ) {
      Extent extent = all.next();
      if (extent.empty() && ++empty > reserve) {
        all.remove();
        bytes -= Extent.BYTES;
        slack.release(Extent.BYTES);
        lastUsed = null;
        lastFound = null;
        extent.close();
      }
    }
  }

  private String leak() {
    StringBuilder text = new StringBuilder("native memory was not given back:");
    for (Budget account : budget.children()) {
      if (account.used() > 0) {
        text.append(' ').append(account.name()).append('=').append(account.used());
      }
    }
    return text.toString();
  }
}
