package dev.quarry.cli.render;

import dev.quarry.Summary;
import java.util.ArrayList;
import java.util.List;

/// What a statement changed, in words: `2 nodes created, 1 property set`.
public final class ChangeText {
  private final List<String> parts = new ArrayList<>();

  private ChangeText() {}

  /// The changes of a statement; empty if it changed nothing.
  public static String of(Summary summary) {
    ChangeText text = new ChangeText();
    text.add(summary.nodesCreated(), "node", "nodes", "created");
    text.add(summary.nodesDeleted(), "node", "nodes", "deleted");
    text.add(summary.relationshipsCreated(), "relationship", "relationships", "created");
    text.add(summary.relationshipsDeleted(), "relationship", "relationships", "deleted");
    text.add(summary.propertiesSet(), "property", "properties", "set");
    text.add(summary.labelsAdded(), "label", "labels", "added");
    text.add(summary.labelsRemoved(), "label", "labels", "removed");
    text.add(summary.indexesAdded(), "index", "indexes", "added");
    text.add(summary.indexesRemoved(), "index", "indexes", "removed");
    text.add(summary.constraintsAdded(), "constraint", "constraints", "added");
    text.add(summary.constraintsRemoved(), "constraint", "constraints", "removed");
    return String.join(", ", text.parts);
  }

  private void add(long count, String one, String many, String verb) {
    if (count > 0) {
      parts.add(Units.number(count) + " " + (count == 1 ? one : many) + " " + verb);
    }
  }
}
