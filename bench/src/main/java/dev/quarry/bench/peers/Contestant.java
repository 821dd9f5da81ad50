package dev.quarry.bench.peers;

import java.util.List;

/// Who takes part: a name and the command that starts its adapter, to which the folders of the data
/// and of the store are added.
record Contestant(String name, List<String> command) {
  /// The name of the contestant that all others are compared with.
  static final String QUARRY = "quarry";

  Contestant {
    command = List.copyOf(command);
  }
}
