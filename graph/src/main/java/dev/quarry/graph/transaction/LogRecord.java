package dev.quarry.graph.transaction;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
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
import java.nio.ByteOrder;
import java.util.ArrayList;
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
///      │       │ LISTS source arena, type, target arena                               │
///      └───────┴──────────────────────────────────────────────────────────────────────┘
/// ```
///
/// Entries of indexes are not logged: who repeats the changes makes the same ones. A sweep goes on
/// from where the store says it is, so it removes the same, too.
///
/// Numbers are big-endian: ids and slots 8 bytes, flags 1, all else 4. Kinds are added, never
/// changed.
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

  // A relationship: kind, source (8 bytes), type (4), target (8), edge slot (8), generation (4).
  private static final int BARE_BYTES = 33;
  private static final int BARE_SLOT = 21;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

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

  /// Adds the bare relationship of a record to a batch; false if it does not fit there.
  static boolean addTo(BareBatch batch, byte[] record, int offset) {
    long source = (long) LONG.get(record, offset + 1);
    int type = (int) INT.get(record, offset + 9);
    long target = (long) LONG.get(record, offset + 13);
    boolean fits = batch.takes(source, type, target);
    if (fits) {
      batch.add(source, type, target);
    }
    return fits;
  }

  /// Does what a record says.
  ///
  /// @return whether it was the last one of its transaction
  static boolean replay(Changes changes, byte[] record, int offset, int length) {
    try (DataInputStream in =
        new DataInputStream(new ByteArrayInputStream(record, offset, length))) {
      return replay(changes, in);
    } catch (IOException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "a record of %d bytes of commit %d in the log cannot be repeated: %s"
              .formatted(length, changes.pages().commitNumber() + 1, e),
          "restore the store from a backup, or save what is left with `quarry repair`",
          e);
    }
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
