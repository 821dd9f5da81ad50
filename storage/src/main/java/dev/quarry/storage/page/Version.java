package dev.quarry.storage.page;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One published state of all spaces. Never changes.
///
/// @param epoch its number; rises at every commit and at every checkpoint
/// @param commitNumber the last commit that it holds
/// @param spaces by id; null where there is no such space
/// @param attachment what the layer above keeps for each version, as its catalog
/// @param dropped spaces dropped since the last checkpoint, whose places are still to be freed
public record Version(
    long epoch,
    long commitNumber,
    @Nullable Space[] spaces,
    @Nullable Object attachment,
    List<Space> dropped) {

  /// The space, or null if there is none of that id.
  public @Nullable Space space(int id) {
    return id >= 0 && id < spaces.length ? spaces[id] : null;
  }

  /// The same state under a new number, after a checkpoint.
  ///
  /// @param stillDropped spaces that were dropped since the state that it wrote
  Version checkpointed(long newEpoch, List<Space> stillDropped) {
    return new Version(newEpoch, commitNumber, spaces, attachment, stillDropped);
  }

  /// The same state as that of another commit.
  public Version asCommit(long number) {
    return new Version(epoch, number, spaces, attachment, dropped);
  }

  /// The same state with another attachment.
  public Version attached(Object newAttachment) {
    return new Version(epoch, commitNumber, spaces, newAttachment, dropped);
  }

  @Nullable Space[] copySpaces() {
    return Arrays.copyOf(spaces, spaces.length);
  }

  /// An id that no space has.
  static int freeId(@Nullable Space[] spaces) {
    for (int id = FIRST_FREE; id < spaces.length; id++) {
      if (spaces[id] == null) {
        return id;
      }
    }
    return spaces.length;
  }

  /// Ids below belong to the system: 0 is the catalog's, 1 the bitmap of used places.
  public static final int FIRST_FREE = 2;
}
