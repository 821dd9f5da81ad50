package dev.quarry.storage.page;

import java.util.ArrayList;
import java.util.List;

/// What one thread of a transaction made private, and what that replaced.
final class Part {
  private static final int PAGES = 7; // of a small transaction

  final LongStack privatePages = new LongStack();
  LongStack replaced = new LongStack(PAGES * PageTransaction.REPLACED); // frame, bytes, birth, page
  private final List<Node> replacedNodes = new ArrayList<>(4); // some of them
  long privateBytes;
  boolean dirty;

  /// Notes a node that was replaced by a copy; of many only the first, see [SpareEntries].
  void replaced(Node node) {
    if (replacedNodes.size() < SpareEntries.MOST) {
      replacedNodes.add(node);
    }
  }

  List<Node> replacedNodes() {
    return replacedNodes;
  }

  /// Takes over what another part has, which is empty afterwards.
  void join(Part other) {
    privatePages.pushAll(other.privatePages);
    replaced.pushAll(other.replaced);
    other.replacedNodes.forEach(this::replaced);
    privateBytes += other.privateBytes;
    dirty |= other.dirty;
    other.clear();
  }

  void clear() {
    privatePages.clear();
    replaced.clear();
    replacedNodes.clear();
    privateBytes = 0;
    dirty = false;
  }
}
