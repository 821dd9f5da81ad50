package dev.quarry.graph.catalog;

import dev.quarry.graph.value.Tag;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Indexes and constraints as bytes, in the catalog and in the log.
///
/// ```text
/// index        name · of relationships 1 · token · keys · space · owned 1
/// constraint   name · of relationships 1 · token · keys · kind 1 · types { tag 1, element 1 }
/// ```
///
/// Names are as [DataOutputStream#writeUTF] writes them, lists a count and items, numbers 4 bytes
/// where nothing else is said. Element 0 means none.
public final class SchemaFormat {
  private SchemaFormat() {}

  static void write(
      DataOutputStream out, List<IndexDefinition> indexes, List<ConstraintDefinition> constraints)
      throws IOException {
    out.writeInt(indexes.size());
    for (IndexDefinition index : indexes) {
      head(out, index.name(), index.ofRelationships(), index.token(), index.keys());
      out.writeInt(index.space());
      out.writeBoolean(index.owned());
    }
    out.writeInt(constraints.size());
    for (ConstraintDefinition constraint : constraints) {
      write(out, constraint);
    }
  }

  static List<IndexDefinition> indexes(DataInputStream in) throws IOException {
    List<IndexDefinition> indexes = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      indexes.add(
          new IndexDefinition(
              in.readUTF(),
              in.readBoolean(),
              in.readInt(),
              keys(in),
              in.readInt(),
              in.readBoolean()));
    }
    return indexes;
  }

  static List<ConstraintDefinition> constraints(DataInputStream in) throws IOException {
    List<ConstraintDefinition> constraints = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      constraints.add(constraint(in));
    }
    return constraints;
  }

  /// What an index and a constraint have in common.
  public static void head(
      DataOutputStream out, String name, boolean ofRelationships, int token, List<Integer> keys)
      throws IOException {
    out.writeUTF(name);
    out.writeBoolean(ofRelationships);
    out.writeInt(token);
    out.writeInt(keys.size());
    for (int key : keys) {
      out.writeInt(key);
    }
  }

  /// A list of tokens of keys.
  public static List<Integer> keys(DataInputStream in) throws IOException {
    List<Integer> keys = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      keys.add(in.readInt());
    }
    return keys;
  }

  public static void write(DataOutputStream out, ConstraintDefinition constraint)
      throws IOException {
    head(
        out,
        constraint.name(),
        constraint.ofRelationships(),
        constraint.token(),
        constraint.keys());
    out.writeByte(constraint.kind().ordinal());
    out.writeInt(constraint.types().size());
    for (PropertyType type : constraint.types()) {
      Tag element = type.element();
      out.writeByte(type.tag().code());
      out.writeByte(element == null ? 0 : element.code());
    }
  }

  public static ConstraintDefinition constraint(DataInputStream in) throws IOException {
    String name = in.readUTF();
    boolean ofRelationships = in.readBoolean();
    int token = in.readInt();
    List<Integer> keys = keys(in);
    int kind = in.readByte();
    if (kind < 0 || kind >= ConstraintKind.values().length) {
      throw new IOException("a constraint of the unknown kind " + kind);
    }
    List<PropertyType> types = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      Tag tag = Tag.of(in.readByte());
      int element = in.readByte();
      types.add(new PropertyType(tag, element == 0 ? null : Tag.of(element)));
    }
    return new ConstraintDefinition(
        name, ofRelationships, token, keys, ConstraintKind.values()[kind], types);
  }
}
