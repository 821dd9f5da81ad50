package dev.quarry.cli;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.error.QuarryException;
import dev.quarry.error.StoreOpenException;

/// The exit codes.
final class Exit {
  static final int OK = 0;

  /// A statement failed; damage was found.
  static final int FAILED = 1;

  /// Wrong usage.
  static final int USAGE = 2;

  /// A store cannot be opened.
  static final int CANNOT_OPEN = 3;

  /// Too many rows were rejected.
  static final int REJECTS = 4;

  /// Ctrl-C.
  static final int INTERRUPTED = 130;

  private Exit() {}

  static int of(QuarryException error) {
    if (error instanceof StoreOpenException) {
      return CANNOT_OPEN;
    }
    if (error instanceof LoadException) {
      return error.code() == ErrorCode.LOAD_REJECTS
          ? REJECTS
          : error.code() == ErrorCode.LOAD_USAGE ? USAGE : FAILED;
    }
    return FAILED;
  }
}
