package dev.quarry.storage.page;

import org.jspecify.annotations.Nullable;

/// One space in one version: the size of its pages, how many there are, and the root of their
/// table.
///
/// In a version it never changes; in a transaction it is the transaction's own copy.
public final class Space {
  private final int id;
  private final int pageShift;
  private final long created;
  private int height;
  private long pageCount;
  private volatile @Nullable Node root;
  private @Nullable PageTable table; // of a version; all that it refers to is final
  // The durable root, as the space table has it; place 0: none.
  private long rootPlace;
  private int rootChecksum;
  private long rootBirth;
  private int rootHeight;

  /// @param created the epoch that made it; 0 if that is not known any more
  public Space(int id, int pageShift, long created) {
    this.id = id;
    this.pageShift = pageShift;
    this.created = created;
    this.height = 1;
  }

  /// A space as its descriptor in the file has it.
  public static Space durable(
      int id, int pageShift, int height, long pageCount, long place, int checksum, long birth) {
    Space space = new Space(id, pageShift, 0);
    space.height = height;
    space.pageCount = pageCount;
    space.checkpointed(place, checksum, birth, height);
    return space;
  }

  Space copy() {
    Space copy = new Space(id, pageShift, created);
    copy.height = height;
    copy.pageCount = pageCount;
    copy.root = root;
    copy.checkpointed(rootPlace, rootChecksum, rootBirth, rootHeight);
    return copy;
  }

  /// Whether one is a later state of the other: of two spaces of one id, the second may have been
  /// made after the first was dropped.
  boolean sameAs(Space other) {
    return id == other.id && created == other.created;
  }

  public int id() {
    return id;
  }

  public int pageShift() {
    return pageShift;
  }

  public int pageBytes() {
    return 1 << pageShift;
  }

  /// Levels of nodes above the pages, at least 1.
  public int height() {
    return height;
  }

  /// One more than the highest page that was ever written.
  public long pageCount() {
    return pageCount;
  }

  /// The root in memory; null if there is none, or it was not loaded yet.
  public @Nullable Node root() {
    return root;
  }

  public long rootPlace() {
    return rootPlace;
  }

  public int rootChecksum() {
    return rootChecksum;
  }

  public long rootBirth() {
    return rootBirth;
  }

  /// Levels of nodes at and below the durable root; fewer than [#height()] if it has grown since.
  public int rootHeight() {
    return rootHeight;
  }

  /// Of a space in a version: its table, for all readers. Two that come first may get one each,
  /// which costs one of them a second look.
  PageTable table(NodeReader nodes) {
    PageTable known = table;
    if (known == null) {
      known = PageTable.fixed(nodes, this);
      table = known;
    }
    return known;
  }

  void root(Node newRoot) {
    root = newRoot;
  }

  void grow(int newHeight, Node newRoot) {
    height = newHeight;
    root = newRoot;
  }

  void cover(long page) {
    pageCount = Math.max(pageCount, page + 1);
  }

  /// Called by a checkpoint, and when a space is read from the file: where its root lies.
  void checkpointed(long place, int checksum, long birth, int heightOfRoot) {
    rootPlace = place;
    rootChecksum = checksum;
    rootBirth = birth;
    rootHeight = heightOfRoot;
  }
}
