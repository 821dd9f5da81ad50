package dev.quarry.graph.transaction;

import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.Node;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipIdentity;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a write transaction deletes. There is one as soon as something was deleted, or may have
/// been.
///
/// A statement may delete a node before its relationships (rule S6): until the statement ends the
/// node is *leaving*, which means that its record is there and that nobody sees it.
///
/// What is asked for exists. Used by the thread of its transaction.
final class Deletions {
  private final GraphTransaction writer;
  private final LoggedChanges logged;
  private final BareEdits edits;
  private Set<Long> leaving = Set.of(); // until there are some

  Deletions(GraphTransaction writer, LoggedChanges logged, BareEdits edits) {
    this.writer = writer;
    this.logged = logged;
    this.edits = edits;
  }

  boolean isAnyLeaving() {
    return !leaving.isEmpty();
  }

  boolean isLeaving(long node) {
    return isAnyLeaving() && leaving.contains(node);
  }

  /// Deletes a node that has no relationships.
  ///
  /// @throws GraphException if it has some; nothing changes then
  void delete(Node node) {
    long degree = writer.degree(node, Direction.BOTH);
    if (degree > 0) {
      throw connected(node, degree);
    }
    deleteNode(writer.existing(node));
  }

  private void deleteNode(long id) {
    writer.change(
        () -> {
          logged.deleteNode(id);
          return id;
        });
  }

  /// Deletes a node now if it has no relationships; else it is leaving.
  void deleteByEndOfStatement(Node node) {
    long id = writer.existing(node);
    if (writer.degree(node, Direction.BOTH) == 0) {
      deleteNode(id);
    } else {
      leaving = leaving.isEmpty() ? new LinkedHashSet<>() : leaving;
      leaving.add(id);
    }
  }

  /// Deletes the nodes that are leaving.
  ///
  /// @throws GraphException if one still has relationships; only rolling back is left then
  void endStatement() {
    Degrees degrees = writer.degrees(Direction.BOTH, null, Degrees.ANY_LABEL);
    for (long id : leaving) {
      long degree = degrees.of(id);
      if (degree > 0) {
        throw connected(writer.handle(id), degree);
      }
      deleteNode(id);
    }
    leaving = Set.of();
  }

  private static GraphException connected(Node node, long degree) {
    return new GraphException(
        ErrorCode.DELETE_CONNECTED_NODE,
        "node " + node.elementId() + " still has " + degree + " relationships",
        "delete them too, or detach it: DETACH DELETE, detachDelete");
  }

  /// A region goes, and with it those of its nodes that are leaving.
  void drop(int region) {
    if (isAnyLeaving()) {
      leaving.removeIf(node -> writer.catalog().region(Ids.arena(node)) == region);
    }
  }

  void delete(Relationship relationship) {
    RelationshipIdentity identity = writer.existing(relationship);
    long[] ends = writer.ends(identity);
    int type = writer.typeOf(identity);
    long slot = writer.row(identity);
    writer.change(
        () -> {
          writer.beforeListsChange(ends[0], ends[1]);
          logged.deleteRelationship(ends[0], type, ends[1], slot);
          if (identity instanceof RelationshipIdentity.Bare bare) {
            boolean equals =
                writer.remembers(type) || writer.bareEquals(ends[0], type, ends[1]) > 0;
            edits.deleted(type, ends[0], ends[1], bare.ordinal(), equals);
          }
          return identity;
        });
  }

  /// Lets a node stay, so that it can be detached.
  ///
  /// @return whether it was leaving
  boolean stopsLeaving(Node node) {
    long id = writer.handles().id(node);
    return isAnyLeaving()
        && writer.isStored(id, writer.handles().generation(node))
        && leaving.remove(id);
  }

  /// Deletes a node and its relationships.
  ///
  /// @param each runs before each relationship is deleted; what it throws ends the work
  /// @return how many relationships there were
  long detach(Node node, Runnable each) {
    long id = writer.existing(node);
    long deletedWithIt = 0;
    Expansion left = new Expansion(writer, Direction.BOTH, null);
    for (left.open(id); left.next(); left.open(id)) {
      each.run();
      Relationship next = writer.handles().relationship(left.identity());
      ensureThere(next, node);
      delete(next);
      deletedWithIt++;
    }
    delete(node);
    return deletedWithIt;
  }

  private void ensureThere(Relationship listed, Node node) {
    if (!writer.exists(listed)) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "the list of node " + node.elementId() + " has a relationship whose row denies it",
          "run `quarry check`");
    }
  }
}
