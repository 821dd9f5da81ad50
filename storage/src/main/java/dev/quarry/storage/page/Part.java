package dev.quarry.storage.page;

/// What one thread of a transaction made private, and what that replaced.
final class Part {
  final LongStack privatePages = new LongStack();
  LongStack replaced = new LongStack(); // frame, bytes, birth, and of which page
  long privateBytes;
  boolean dirty;

  /// Takes over what another part has, which is empty afterwards.
  void join(Part other) {
    privatePages.pushAll(other.privatePages);
    replaced.pushAll(other.replaced);
    privateBytes += other.privateBytes;
    dirty |= other.dirty;
    other.clear();
  }

  void clear() {
    privatePages.clear();
    replaced.clear();
    privateBytes = 0;
    dirty = false;
  }
}
