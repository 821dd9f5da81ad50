package dev.quarry.storage.torture;

/// A family of cases that show one promise.
public interface Suite {
  /// The figure that it stands for, such as `R2`.
  String name();

  /// The promise, in one sentence.
  String promise();

  /// Runs cases until `run` has enough, or there are no more.
  void run(Run run);

  /// Runs one case again.
  ///
  /// @param name what [Run] printed
  /// @throws RuntimeException what the case ends with: a [Violation], or what the store raised
  void replay(String name);

  /// What is worth printing besides, once it has run.
  default String details() {
    return "";
  }
}
