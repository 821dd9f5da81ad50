package dev.quarry.storage.page;

/// Where pages lie that are not in frames: the file, as page tables see it.
public interface PageFile {
  /// The address of a place, unverified.
  long address(long place);

  /// The address of a page or node, after its checksum was compared.
  ///
  /// @param level 0 for a page, else the height of the node above the pages
  /// @throws dev.quarry.error.CorruptPageException if it does not match
  long verified(int space, int level, long index, long place, int bytes, int checksum, long birth);

  /// Writes the private page of a large transaction to a free place, which it returns.
  long spill(long address, int bytes);

  /// The checksum that a page at this place must have.
  int checksum(int space, int level, long index, long address, int bytes, long birth);

  /// Frees the place of a spilled page that no version reaches.
  void discard(long place, int bytes);
}
