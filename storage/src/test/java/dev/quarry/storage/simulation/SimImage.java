package dev.quarry.storage.simulation;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// What a disk holds: names of files, and their contents by number. Copies share chunks.
final class SimImage {
  final TreeMap<Path, Integer> names;
  final Map<Integer, SimContent> contents;

  SimImage() {
    this(new TreeMap<>(), new HashMap<>());
  }

  private SimImage(TreeMap<Path, Integer> names, Map<Integer, SimContent> contents) {
    this.names = names;
    this.contents = contents;
  }

  SimImage fork() {
    Map<Integer, SimContent> copies = new HashMap<>();
    contents.forEach((file, content) -> copies.put(file, content.fork()));
    return new SimImage(new TreeMap<>(names), copies);
  }

  SimContent content(int file) {
    return contents.computeIfAbsent(file, number -> new SimContent());
  }

  /// Bytes that files with a name take up.
  long usedBytes() {
    long chunks = 0;
    for (int file : names.values()) {
      chunks += content(file).allocated();
    }
    return chunks * SimContent.CHUNK;
  }
}
