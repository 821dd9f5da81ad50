package dev.quarry.bench.peers;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Who takes part: a name and the command that starts its adapter, to which the folders of the data
/// and of the store are added.
record Contestant(String name, List<String> command) {
  /// The name of the contestant that all others are compared with.
  static final String QUARRY = "quarry";

  Contestant {
    command = List.copyOf(command);
  }

  /// The whole command.
  List<String> command(Path data, Path store) {
    List<String> words = new ArrayList<>(command);
    words.add(data.toString());
    words.add(store.toString());
    return words;
  }

  /// The same with more options of its JVM.
  Contestant with(String... options) {
    List<String> words = new ArrayList<>(command);
    words.addAll(1, List.of(options));
    return new Contestant(name, words);
  }
}
