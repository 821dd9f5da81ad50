package dev.quarry.storage.slab;

/// Looks for entries in the lists of one kind: by a search in what is sorted, and a look at each
/// entry of a block's short tail. Of a list of several fragments only those are read that can hold
/// the entry. Used by one thread at a time; nothing is allocated per list.
final class ListSearch {
  private final Lists lists;
  private final ListCursor cursor = new ListCursor(); // left before a search ends

  ListSearch(Lists lists) {
    this.lists = lists;
  }

  /// How many entries of a list equal the given one.
  long count(long slot, long hi, long lo) {
    long at = lists.entry(slot);
    int bytes = lists.width(at);
    if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      return !Entries.fits(bytes, lo)
          ? 0
          : lists.hubs(at).count(DirectoryEntry.reference(at), hi, Entries.key(bytes, lo));
    }
    lists.open(slot, cursor);
    cursor.skipTo(lo);
    long equal = 0;
    boolean goesOn = true;
    while (goesOn && cursor.nextFragment() && Entries.fits(cursor.entryBytes(), lo)) {
      equal += countInFragment(hi, lo);
      goesOn = !cursor.isPast(hi, lo);
    }
    cursor.openNothing();
    return equal;
  }

  private long countInFragment(long hi, long lo) {
    int width = cursor.entryBytes();
    return Entries.countEqual(cursor.address(), cursor.sorted(), cursor.count(), width, hi, lo);
  }

  /// The address of an entry; 0 if the list does not hold it. Of a hub, or a packed list: some
  /// number that is not 0.
  long find(long slot, long hi, long lo) {
    long at = lists.entry(slot);
    if (DirectoryEntry.form(at) == DirectoryEntry.HUB) {
      int bytes = lists.width(at);
      long root = DirectoryEntry.reference(at);
      boolean found =
          Entries.fits(bytes, lo) && lists.hubs(at).contains(root, hi, Entries.key(bytes, lo));
      return found ? at : 0;
    }
    lists.open(slot, cursor);
    cursor.skipTo(lo);
    long found = 0;
    boolean goesOn = true;
    while (goesOn && cursor.nextFragment() && Entries.fits(cursor.entryBytes(), lo)) {
      found = Entries.find(cursor.address(), cursor.count(), cursor.entryBytes(), hi, lo);
      goesOn = found == 0 && !cursor.isPast(hi, lo);
    }
    cursor.openNothing();
    return found;
  }
}
