package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import java.io.FileInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// The bytes of a file, unpacked, and how many of it were read.
final class Input implements AutoCloseable {
  private final Path file;
  private final Counting counting;
  private final InputStream stream;
  private final long size;

  private static final class Counting extends FilterInputStream {
    private long bytes;

    Counting(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      bytes += read < 0 ? 0 : 1;
      return read;
    }

    @Override
    public int read(byte[] target, int from, int length) throws IOException {
      int read = super.read(target, from, length);
      bytes += Math.max(0, read);
      return read;
    }
  }

  Input(Path file) {
    this.file = file;
    try {
      this.size = Files.size(file);
      this.counting = new Counting(open(file));
      this.stream =
          file.toString().endsWith(".gz") ? new GZIPInputStream(counting, 1 << 16) : counting;
    } catch (NoSuchFileException e) {
      throw new LoadException(
          ErrorCode.LOAD_INPUT, "there is no file " + file, "check the path", e);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// Bytes of a file as it lies on the disk.
  static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /// A stream that an interrupt of the thread that reads it does not close, where there is one.
  private static InputStream open(Path file) throws IOException {
    return file.getFileSystem() == FileSystems.getDefault()
        ? new FileInputStream(file.toFile())
        : Files.newInputStream(file);
  }

  static LoadException unreadable(Path file, IOException e) {
    if (e instanceof ZipException) {
      return new LoadException(
          ErrorCode.LOAD_INPUT,
          file + " ends in .gz but is damaged, or no gzip file: " + e.getMessage(),
          "a name without .gz is read as it is",
          e);
    }
    return new LoadException(
        ErrorCode.LOAD_INPUT, "the file " + file + " cannot be read: " + e, null, e);
  }

  Path file() {
    return file;
  }

  InputStream stream() {
    return stream;
  }

  /// Bytes read of the file as it lies on the disk.
  long bytesRead() {
    return counting.bytes;
  }

  long size() {
    return size;
  }

  @Override
  public void close() {
    try {
      stream.close();
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }
}
