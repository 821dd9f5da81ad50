package dev.quarry.storage.memory;

/// Where extents come from.
public enum NativeSource {
  /// [#CHRONICLE] where the JVM was started with the launcher's switches, else [#FOREIGN].
  AUTO,
  /// chronicle-bytes' lazy native stores; they need the launcher's switches.
  CHRONICLE,
  /// Foreign arenas of the JDK; they need no switch and print nothing.
  FOREIGN
}
