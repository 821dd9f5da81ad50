package dev.quarry.graph.statistics;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Estimates in a space of their own, written whole whenever some are made.
///
/// ```text
/// byte 0       8        16
///      ┌───────┬────────┬──────────────────────────────────────────────────────────────────┐
///      │ stamp │ length │ version 1 · arenas { of relationships 1 · arena · commit 8 ·     │
///      │       │        │ records 8 · relationships 8 · columns { key · present 8 ·        │
///      │       │        │ distinct 8 · least · greatest } · degrees { type · outgoing 1 ·  │
///      │       │        │ sources 8 · maximum 8 · loops 8 · may have parallels 1 ·         │
///      │       │        │ histogram of 8 each } }                                          │
///      └───────┴────────┴──────────────────────────────────────────────────────────────────┘
/// ```
///
/// Lists are a count and items, numbers 4 bytes where nothing else is said. A value is its length
/// and its bytes as [ValueCodec] writes them; length 0 means none. Behind the first 16 bytes
/// numbers are big-endian. A space that was never written has stamp 0 and no estimates.
public final class EstimatesFormat {
  private static final int PAGE = 4096;
  private static final int HEAD = 16;
  private static final int VERSION = 1;

  private EstimatesFormat() {}

  /// Writes estimates over those that a space holds.
  public static void write(PageTransaction transaction, int space, Estimates estimates) {
    byte[] bytes = bytes(estimates);
    long pages = (bytes.length + PAGE - 1) / PAGE;
    for (int page = 0; page < pages; page++) {
      int done = page * PAGE;
      long at = transaction.writable(space, page);
      Memory.putBytes(bytes, done, at, Math.min(PAGE, bytes.length - done));
    }
    long head = transaction.writable(space, 0);
    Memory.putLong(head, estimates.stamp());
    Memory.putLong(head + 8, bytes.length);
    for (long page = transaction.table(space).pageCount() - 1; page >= pages; page--) {
      transaction.free(space, page);
    }
  }

  /// The stamp of the estimates of a space.
  public static long stamp(PageReader reader, int space) {
    return Memory.getLong(reader.table(space).address(0));
  }

  /// The estimates of a space.
  ///
  /// @throws CorruptPageException if they cannot be understood
  public static Estimates read(PageReader reader, int space) {
    PageTable pages = reader.table(space);
    long stamp = Memory.getLong(pages.address(0));
    if (stamp == 0) {
      return Estimates.NONE;
    }
    long length = Memory.getLong(pages.address(0) + 8);
    long present = pages.presentPages();
    if (length < HEAD || length > present * PAGE || length > Integer.MAX_VALUE - PAGE) {
      throw damaged(length + " bytes in " + present + " pages", null);
    }
    byte[] bytes = new byte[(int) length];
    for (int done = 0; done < length; done += PAGE) {
      long at = pages.address(done / PAGE);
      Memory.getBytes(at, bytes, done, (int) Math.min(PAGE, length - done));
    }
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(bytes, HEAD, bytes.length - HEAD))) {
      return read(in, stamp);
    } catch (IOException | UncheckedIOException | IllegalArgumentException | DateTimeException e) {
      throw damaged(e.toString(), e);
    }
  }

  private static CorruptPageException damaged(String what, @Nullable Exception cause) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "the estimates cannot be read: " + what,
        "run `quarry check`",
        cause);
  }

  private static byte[] bytes(Estimates estimates) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.write(new byte[HEAD]);
      out.writeInt(VERSION);
      out.writeInt(estimates.arenas().size());
      for (ArenaEstimate arena : estimates.arenas()) {
        out.writeBoolean(arena.ofRelationships());
        out.writeInt(arena.arena());
        longs(out, arena.commit(), arena.records(), arena.relationships());
        out.writeInt(arena.columns().size());
        for (ColumnEstimate column : arena.columns()) {
          out.writeInt(column.key());
          longs(out, column.present(), column.distinct());
          value(out, column.least());
          value(out, column.greatest());
        }
        out.writeInt(arena.degrees().size());
        for (DegreeEstimate degree : arena.degrees()) {
          write(out, degree);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void write(DataOutputStream out, DegreeEstimate degree) throws IOException {
    out.writeInt(degree.type());
    out.writeBoolean(degree.outgoing());
    longs(out, degree.sources(), degree.maximum(), degree.loops());
    out.writeBoolean(degree.mayHaveParallels());
    out.writeInt(degree.histogram().size());
    for (long nodes : degree.histogram()) {
      out.writeLong(nodes);
    }
  }

  private static Estimates read(DataInputStream in, long stamp) throws IOException {
    int version = in.readInt();
    if (version != VERSION) {
      throw new IOException("version " + version + ", expected " + VERSION);
    }
    List<ArenaEstimate> arenas = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      arenas.add(
          new ArenaEstimate(
              in.readBoolean(),
              in.readInt(),
              in.readLong(),
              in.readLong(),
              in.readLong(),
              columns(in),
              degrees(in)));
    }
    return new Estimates(stamp, arenas);
  }

  private static List<ColumnEstimate> columns(DataInputStream in) throws IOException {
    List<ColumnEstimate> columns = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      columns.add(
          new ColumnEstimate(in.readInt(), in.readLong(), in.readLong(), value(in), value(in)));
    }
    return columns;
  }

  private static List<DegreeEstimate> degrees(DataInputStream in) throws IOException {
    List<DegreeEstimate> degrees = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      int type = in.readInt();
      boolean outgoing = in.readBoolean();
      long sources = in.readLong();
      long maximum = in.readLong();
      long loops = in.readLong();
      boolean parallels = in.readBoolean();
      List<Long> histogram = new ArrayList<>();
      for (int buckets = in.readInt(); buckets > 0; buckets--) {
        histogram.add(in.readLong());
      }
      degrees.add(
          new DegreeEstimate(type, outgoing, sources, maximum, loops, parallels, histogram));
    }
    return degrees;
  }

  private static void longs(DataOutputStream out, long... numbers) throws IOException {
    for (long number : numbers) {
      out.writeLong(number);
    }
  }

  private static void value(DataOutputStream out, @Nullable Object value) throws IOException {
    byte[] bytes = value == null ? new byte[0] : ValueCodec.encode(value);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static @Nullable Object value(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new IOException("a value of " + length + " bytes");
    }
    return length == 0 ? null : ValueCodec.decode(in.readNBytes(length));
  }
}
