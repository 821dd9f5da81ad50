package dev.quarry.graph;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import org.jspecify.annotations.Nullable;

/// How the lines of a file are read. Immutable; the withers return changed copies.
///
/// @param delimiter between fields; of edge lists 0, which means any of space, tab and comma
/// @param skip lines to pass over at the beginning, those with a header of their own included
/// @param header the header in neo4j-admin's convention; null if it is the first line of the file
public record FileFormat(char delimiter, long skip, @Nullable String header) {
  /// Commas, and a header in the first line.
  public static final FileFormat CSV = new FileFormat(',', 0, null);

  /// Two integers a line, separated by spaces, tabs or a comma; lines with `#` or `%` are comments.
  public static final FileFormat EDGE_LIST = new FileFormat((char) 0, 0, null);

  public FileFormat {
    if (skip < 0) {
      throw new LoadException(
          ErrorCode.LOAD_USAGE, "the number of lines to skip is negative: " + skip, null);
    }
  }

  /// The same with another delimiter.
  public FileFormat withDelimiter(char newDelimiter) {
    return new FileFormat(newDelimiter, skip, header);
  }

  /// The same with other lines to pass over.
  public FileFormat withSkip(long newSkip) {
    return new FileFormat(delimiter, newSkip, header);
  }

  /// The same with a header that is not in the file.
  public FileFormat withHeader(@Nullable String newHeader) {
    return new FileFormat(delimiter, skip, newHeader);
  }
}
