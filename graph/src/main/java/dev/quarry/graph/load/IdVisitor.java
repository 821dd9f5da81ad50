package dev.quarry.graph.load;

/// Takes an integer and what it leads to.
interface IdVisitor {
  void visit(long key, long number);
}
