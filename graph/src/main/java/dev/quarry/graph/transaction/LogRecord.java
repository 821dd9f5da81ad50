package dev.quarry.graph.transaction;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.catalog.SchemaFormat;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of the log: what changed, with every id that was handed out. Version 1.
///
/// ```text
/// byte 0       1
///      ┌───────┬──────────────────────────────────────────────────────────────────────┐
///      │ kind  │ LABEL, TYPE, KEY name · ARENA count, labels · COLUMN edges, arena,   │
///      │       │ key, tag · FLIP arena, label · NODE id, generation · NODE_GONE id ·  │
///      │       │ PROPERTY edges, arena, slot, key, length, bytes · LABELLED number of │
///      │       │ the flip, slot, value · RELATIONSHIP source, type, target, edge slot,│
///      │       │ generation · RELATIONSHIP_GONE the same without · END · PROMOTED as  │
///      │       │ RELATIONSHIP, ordinal · INDEX name, of relationships, token, keys ·  │
///      │       │ CONSTRAINT as in the catalog · INDEX_GONE, CONSTRAINT_GONE name ·    │
///      │       │ REGION number, name · REGION_GONE number · REGION_ARENA region,      │
///      │       │ count, labels · EDGE_ARENA type, region · SWEEP number of steps ·    │
///      │       │ LISTS source arena, type, target arena · RELATIONSHIPS source arena, │
///      │       │ type, target arena, count, pairs: source slot less that of the pair  │
///      │       │ before, target slot                                                  │
///      └───────┴──────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Entries of indexes are not logged: who repeats the changes makes the same ones. A sweep goes on
/// from where the store says it is, so it removes the same, too.
///
/// Numbers are big-endian: ids and slots 8 bytes, flags 1, all else 4; those of pairs 7 bits a
/// byte, the lowest first, with the highest bit where more follow. Kinds are added, never changed.
final class LogRecord {
  static final int LABEL = 1;
  static final int TYPE = 2;
  static final int KEY = 3;
  static final int ARENA = 4;
  static final int COLUMN = 5;
  static final int FLIP = 6;
  static final int NODE = 7;
  static final int NODE_GONE = 8;
  static final int PROPERTY = 9;
  static final int LABELLED = 10;
  static final int RELATIONSHIP = 11;
  static final int RELATIONSHIP_GONE = 12;
  static final int END = 13;
  static final int PROMOTED = 14;
  static final int INDEX = 15;
  static final int INDEX_GONE = 16;
  static final int CONSTRAINT = 17;
  static final int CONSTRAINT_GONE = 18;
  static final int REGION = 19;
  static final int REGION_GONE = 20;
  static final int REGION_ARENA = 21;
  static final int EDGE_ARENA = 22;
  static final int SWEEP = 23;
  static final int LISTS = 24;
  static final int RELATIONSHIPS = 25;

  /// The most bare relationships in one record.
  static final int MOST_PAIRS = 1 << 16;

  // A relationship: kind, source (8 bytes), type (4), target (8), edge slot (8), generation (4).
  private static final int BARE_BYTES = 33;
  private static final int BARE_SLOT = 21;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  /// The record that is the last one of its transaction; not to be changed.
  static final byte[] ENDED = {END};

  private LogRecord() {}

  /// Whether a kind of record takes something out of the graph, and adds nothing.
  static boolean removes(int kind) {
    return switch (kind) {
      case NODE_GONE, RELATIONSHIP_GONE, INDEX_GONE, CONSTRAINT_GONE, REGION_GONE, SWEEP, END ->
          true;
      default -> false;
    };
  }

  /// Writes the fields of a record.
  interface Fields {
    void write(DataOutputStream out) throws IOException;
  }

  static byte[] of(int kind, Fields fields) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(48);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(kind);
      fields.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /// The record of a relationship, made without a stream, since there are many.
  static byte[] relationship(long source, int type, long target, long edgeSlot, int generation) {
    byte[] record = new byte[BARE_BYTES];
    record[0] = RELATIONSHIP;
    LONG.set(record, 1, source);
    INT.set(record, 9, type);
    LONG.set(record, 13, target);
    LONG.set(record, BARE_SLOT, edgeSlot);
    INT.set(record, BARE_SLOT + 8, generation);
    return record;
  }

  static void value(DataOutputStream out, @Nullable Object value) throws IOException {
    byte[] bytes = value == null ? new byte[0] : ValueCodec.encode(value);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /// Whether a record makes a bare relationship, which [#addTo] can collect.
  static boolean isBare(byte[] record, int offset, int length) {
    return length == BARE_BYTES
        && record[offset] == RELATIONSHIP
        && (long) LONG.get(record, offset + BARE_SLOT) < 0;
  }

  /// Whether a record is the last one of its transaction.
  static boolean isEnd(byte[] record, int offset) {
    return record[offset] == END;
  }

  /// Whether a record makes many bare relationships of a kind.
  static boolean areBare(byte[] record, int offset) {
    return record[offset] == RELATIONSHIPS;
  }

  /// Adds the bare relationship of a record to others; false if it cannot wait there.
  static boolean addTo(BareBatches batches, byte[] record, int offset) {
    long source = (long) LONG.get(record, offset + 1);
    long target = (long) LONG.get(record, offset + 13);
    boolean takes = BareBatches.takes(source, target);
    if (takes) {
      batches.add(source, (int) INT.get(record, offset + 9), target);
    }
    return takes;
  }

  /// A record of some pairs of a batch, which are sorted by source.
  static byte[] pairs(BareBatch batch, long from, int count) {
    ByteBuffer out = ByteBuffer.allocate(17 + count * 10).put((byte) RELATIONSHIPS);
    out.putInt(batch.source()).putInt(batch.type()).putInt(batch.target()).putInt(count);
    long before = 0;
    for (long i = from; i < from + count; i++) {
      putNumber(out, batch.sourceSlot(i) - before);
      putNumber(out, batch.targetSlot(i));
      before = batch.sourceSlot(i);
    }
    return Arrays.copyOf(out.array(), out.position());
  }

  private static void putNumber(ByteBuffer out, long number) {
    long left = number;
    for (; left > 127; left >>>= 7) {
      out.put((byte) (left | 128));
    }
    out.put((byte) left);
  }

  /// Adds the bare relationships of a record to others.
  static void addPairs(
      BareBatches batches, Catalog catalog, byte[] record, int offset, int length) {
    ByteBuffer in = ByteBuffer.wrap(record, offset + 1, length - 1);
    try {
      int sourceArena = in.getInt();
      int type = in.getInt();
      int targetArena = in.getInt();
      catalog.ensureNamed(sourceArena, type);
      catalog.ensureNamed(targetArena, type);
      long source = 0;
      for (int left = in.getInt(); left > 0; left--) {
        source += number(in);
        long target = number(in);
        if (!BareBatches.takes(source, target)) {
          throw new IllegalArgumentException("slots " + source + " and " + target);
        }
        batches.add(Ids.node(sourceArena, source), type, Ids.node(targetArena, target));
      }
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged(length, "its relationships: " + e, e);
    }
  }

  private static long number(ByteBuffer in) {
    long number = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      byte next = in.get();
      number |= (next & 127L) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new IllegalArgumentException("a slot of more than 5 bytes");
  }

  /// Does what a record says.
  ///
  /// @return whether it was the last one of its transaction
  static boolean replay(Changes changes, byte[] record, int offset, int length) {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(record, offset, length))) {
      return replay(changes, in);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw damaged(length, "after commit " + changes.pages().commitNumber() + ": " + e, e);
    }
  }

  private static CorruptPageException damaged(int length, String what, Exception cause) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "a record of %d bytes of the log cannot be repeated: %s".formatted(length, what),
        "restore the store from a backup, or save what is left with `quarry repair`",
        cause);
  }

  private static boolean replay(Changes changes, DataInputStream in) throws IOException {
    int kind = in.readByte();
    switch (kind) {
      case LABEL -> changes.addLabel(in.readUTF());
      case TYPE -> changes.addType(in.readUTF());
      case KEY -> changes.addKey(in.readUTF());
      case ARENA -> changes.addArena(0, labels(in));
      case COLUMN ->
          changes.addColumn(in.readBoolean(), in.readInt(), in.readInt(), Tag.of(in.readInt()));
      case FLIP -> changes.addFlip(in.readInt(), in.readInt());
      case NODE -> changes.createNode(in.readLong(), in.readInt());
      case NODE_GONE -> changes.deleteNode(in.readLong());
      case PROPERTY ->
          changes.putProperty(
              in.readBoolean(), in.readInt(), in.readLong(), in.readInt(), value(in));
      case LABELLED -> {
        Flip flip = changes.catalog().flips().get(in.readInt());
        changes.putFlip(flip, in.readLong(), in.readBoolean());
      }
      case RELATIONSHIP ->
          changes.createRelationship(
              in.readLong(), in.readInt(), in.readLong(), in.readLong(), in.readInt());
      case RELATIONSHIP_GONE ->
          changes.deleteRelationship(in.readLong(), in.readInt(), in.readLong(), in.readLong());
      case PROMOTED ->
          changes.promote(
              in.readLong(),
              in.readInt(),
              in.readLong(),
              in.readLong(),
              in.readInt(),
              in.readLong());
      case INDEX ->
          changes.createIndex(
              in.readUTF(), in.readBoolean(), in.readInt(), SchemaFormat.keys(in), false);
      case INDEX_GONE -> changes.dropIndex(in.readUTF());
      case CONSTRAINT -> changes.createConstraint(SchemaFormat.constraint(in));
      case CONSTRAINT_GONE -> changes.dropConstraint(in.readUTF());
      case REGION -> changes.addRegion(in.readInt(), in.readUTF());
      case REGION_GONE -> changes.dropRegion(in.readInt());
      case REGION_ARENA -> changes.addArena(in.readInt(), labels(in));
      case EDGE_ARENA -> changes.addEdgeArena(in.readInt(), in.readInt());
      case SWEEP -> changes.sweep(in.readInt());
      case LISTS -> changes.addLists(in.readInt(), in.readInt(), in.readInt());
      case END -> {
        return true;
      }
      default -> throw new IOException("a log record has the unknown kind " + kind);
    }
    return false;
  }

  private static List<Integer> labels(DataInputStream in) throws IOException {
    List<Integer> labels = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      labels.add(in.readInt());
    }
    return labels;
  }

  private static @Nullable Object value(DataInputStream in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > in.available()) {
      throw new EOFException("a value of " + length + " bytes, " + in.available() + " are left");
    }
    byte[] bytes = new byte[length];
    in.readFully(bytes);
    return bytes.length == 0 ? null : ValueCodec.decode(bytes);
  }
}
