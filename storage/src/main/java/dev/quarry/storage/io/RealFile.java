package dev.quarry.storage.io;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreIoException;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A file of the machine, whose channel survives interrupts.
///
/// `Thread.interrupt()` closes an interruptible channel for everyone. So each operation runs with
/// the flag of its thread cleared; where an interrupt still hits, or hit another thread, the
/// channel is opened again, the same positional operation is repeated, and the flag is set again at
/// the end. Repeating a barrier is right here and only here: it was not the device that failed.
final class RealFile implements DiskFile {
  private final Path path;
  private final Set<OpenOption> options;
  private final Arena maps = Arena.ofShared();
  private @Nullable ThroughChannel through; // once something was written so
  private volatile FileChannel channel;
  private volatile boolean closed;

  RealFile(Path path, boolean create, boolean write) {
    this.path = path;
    this.options = new HashSet<>(Set.of(StandardOpenOption.READ));
    if (write) {
      options.add(StandardOpenOption.WRITE);
    }
    try {
      Set<OpenOption> first = new HashSet<>(options);
      if (create) {
        first.add(StandardOpenOption.CREATE);
      }
      this.channel = FileChannel.open(path, first);
    } catch (IOException e) {
      throw RealDisk.failure(create ? "create" : "open", path, e);
    }
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public void read(ByteBuffer target, long position) {
    int start = target.position();
    repeat(
        "read",
        () -> {
          target.position(start);
          long at = position;
          while (target.hasRemaining()) {
            int count = channel.read(target, at);
            if (count < 0) {
              throw new EOFException("the file ends at " + at);
            }
            at += count;
          }
        });
  }

  @Override
  public void write(ByteBuffer source, long position) {
    int start = source.position();
    repeat(
        "write",
        () -> {
          source.position(start);
          long at = position;
          while (source.hasRemaining()) {
            at += channel.write(source, at);
          }
        });
  }

  @Override
  public void force() {
    repeat("force", () -> channel.force(false));
  }

  @Override
  public void writeThrough(ByteBuffer blocks, long position) {
    int start = blocks.position();
    boolean[] done = new boolean[1];
    repeat(
        "write",
        () -> {
          blocks.position(start);
          done[0] = through().write(blocks, position);
        });
    if (!done[0]) {
      write(blocks, position);
      force();
    }
  }

  private synchronized ThroughChannel through() throws ClosedChannelException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (through == null) {
      through = new ThroughChannel(path);
    }
    return through;
  }

  @Override
  public long size() {
    long[] size = new long[1];
    repeat("read the size of", () -> size[0] = channel.size());
    return size[0];
  }

  @Override
  public void truncate(long size) {
    repeat(
        "truncate",
        () -> {
          if (channel.size() >= size) {
            channel.truncate(size);
          } else {
            channel.write(ByteBuffer.wrap(new byte[1]), size - 1);
          }
        });
  }

  @Override
  public MemorySegment map(long position, long bytes) {
    MemorySegment[] map = new MemorySegment[1];
    repeat("map", () -> map[0] = channel.map(FileChannel.MapMode.READ_ONLY, position, bytes, maps));
    return map[0];
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    maps.close();
    try {
      channel.close();
      if (through != null) {
        through.close();
      }
    } catch (IOException e) {
      throw RealDisk.failure("close", path, e);
    }
  }

  private interface Operation {
    void run() throws IOException;
  }

  private void repeat(String verb, Operation operation) {
    BooleanSupplier clear = Thread::interrupted;
    boolean interrupted = clear.getAsBoolean();
    try {
      while (true) {
        try {
          operation.run();
          return;
        } catch (ClosedChannelException e) {
          interrupted |= clear.getAsBoolean();
          reopen(verb, e);
        }
      }
    } catch (IOException e) {
      throw RealDisk.failure(verb, path, e);
    } finally {
      RealDisk.restore(interrupted);
    }
  }

  private synchronized void reopen(String verb, ClosedChannelException cause) throws IOException {
    if (closed) {
      throw new StoreIoException(
          ErrorCode.STORE_CLOSED, "cannot " + verb + " " + path + ": it is closed", null, cause);
    }
    if (!channel.isOpen()) {
      channel = FileChannel.open(path, options);
    }
  }
}
