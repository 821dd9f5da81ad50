package dev.quarry.graph;

import java.util.UUID;

/// A weak handle to a node: the store, the line of history, the node's id and its generation.
///
/// It holds no data and keeps nothing alive, so an application may keep it for ever. Used after its
/// node is gone it raises `Graph.RecordGone`, in another store `Graph.ForeignHandle`; it never
/// shows another node. Two handles are equal when they mean the same node of the same store.
public final class Node {
  final Handles handles;
  final long id;
  final int generation;

  Node(Handles handles, long id, int generation) {
    this.handles = handles;
    this.id = id;
    this.generation = generation;
  }

  /// The identity of the node as text, `n<arena>.<slot>.<generation>`: stable for the node's life,
  /// also when the store is opened again.
  public String elementId() {
    return "n" + Handles.nodeText(id, generation);
  }

  UUID store() {
    return handles.store();
  }

  @Override
  public boolean equals(Object other) {
    return other == this
        || (other instanceof Node node
            && node.id == id
            && node.generation == generation
            && node.store().equals(store())
            && node.handles.line() == handles.line());
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id * 31 + generation);
  }

  @Override
  public String toString() {
    return elementId();
  }
}
