package dev.quarry.storage;

import dev.quarry.storage.page.PageTransaction;

/// Installs what a log record says, while a store is recovered.
@FunctionalInterface
public interface Replayer {
  /// Does again what was done when the record was logged.
  ///
  /// @param transaction the commit that the record belongs to
  void replay(PageTransaction transaction, byte[] record, int offset, int length);

  /// The records of some whole commits were all given: what was put off is done now, since a
  /// version is made of them.
  ///
  /// @param transaction the one that they were given with
  default void complete(PageTransaction transaction) {}
}
