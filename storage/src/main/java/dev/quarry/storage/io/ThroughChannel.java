package dev.quarry.storage.io;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A second channel of a file, past the page cache, whose writes are durable when they return: one
/// system call instead of two, and no page of the cache is looked up, marked and written back
/// (decision 054).
///
/// ```text
///  write, force      copy to a page of the cache ─ submit it ─ wait ─ flush of the device
///  this              submit the caller's memory ─ wait ─ flush of the device
/// ```
///
/// Only on Linux, where `O_DSYNC` is as good as `fdatasync`; on other systems a barrier does more.
/// Where the file system refuses it, it says so once and is not asked again.
final class ThroughChannel {
  private static final @Nullable OpenOption DIRECT = direct();

  private final Path path;
  private @Nullable FileChannel channel;
  private boolean refused = DIRECT == null;

  ThroughChannel(Path path) {
    this.path = path;
  }

  /// The JDK's option, null where it is of no use. It lies in a module that an image of a JDK may
  /// lack, and that the compiler warns of.
  private static @Nullable OpenOption direct() {
    boolean wanted = Boolean.parseBoolean(System.getProperty("quarry.writeThrough", "true"));
    if (!wanted
        || !System.getProperty("os.name", "").toLowerCase(Locale.ROOT).startsWith("linux")) {
      return null;
    }
    try {
      for (Object one : Class.forName("com.sun.nio.file.ExtendedOpenOption").getEnumConstants()) {
        if (one instanceof OpenOption option && String.valueOf(one).equals("DIRECT")) {
          return option;
        }
      }
    } catch (ClassNotFoundException e) {
      // As it says above.
    }
    return null;
  }

  /// Writes whole blocks durably.
  ///
  /// @return false if this file system cannot: then nothing was written
  boolean write(ByteBuffer blocks, long position) throws IOException {
    FileChannel open = open();
    if (open == null) {
      return false;
    }
    int start = blocks.position();
    try {
      long at = position;
      while (blocks.hasRemaining()) {
        at += open.write(blocks, at);
      }
      return true;
    } catch (ClosedChannelException e) {
      throw e; // by an interrupt
    } catch (IOException e) {
      if (blocks.position() > start || !isRefusal(e)) {
        throw e;
      }
      refuse();
      return false;
    }
  }

  private @Nullable FileChannel open() {
    FileChannel known = channel;
    if (known != null && known.isOpen()) {
      return known;
    }
    if (refused || DIRECT == null) {
      return null;
    }
    try {
      known = FileChannel.open(path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, DIRECT);
      channel = known;
      return known;
    } catch (IOException | UnsupportedOperationException e) {
      refuse(); // whatever is wrong with the file, the other channel says it better
      return null;
    }
  }

  /// Of the kernel, which wants other addresses or cannot at all, or of the JDK, for larger blocks.
  private static boolean isRefusal(IOException e) {
    String reason = String.valueOf(e.getMessage());
    return reason.contains("Invalid argument") || reason.contains("block size");
  }

  private void refuse() {
    refused = true;
    try {
      close();
    } catch (IOException e) {
      // It was used for nothing.
    }
  }

  void close() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }
}
