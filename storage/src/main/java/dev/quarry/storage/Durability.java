package dev.quarry.storage;

/// When a commit counts as done.
public enum Durability {
  /// A barrier covers it: it survives a power failure.
  BARRIER,
  /// It was handed to the operating system: it survives the end of the process, not a power
  /// failure.
  OPERATING_SYSTEM
}
