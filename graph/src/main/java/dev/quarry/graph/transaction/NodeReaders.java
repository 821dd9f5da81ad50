package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.record.ArenaReader;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The readers of arenas of nodes of one state, by number: made on first use, and again once their
/// arena has changed. Used by one thread at a time.
final class NodeReaders {
  private static final @Nullable ArenaReader[] NONE = {};

  private final RecordReading reading;
  private @Nullable List<Arena> of; // the arenas whose readers these are
  private @Nullable ArenaReader[] readers = NONE;

  NodeReaders(RecordReading reading) {
    this.reading = reading;
  }

  ArenaReader of(int arena) {
    if (of == reading.catalog().arenas() && arena < readers.length) {
      ArenaReader known = readers[arena];
      if (known != null) {
        return known;
      }
    }
    return make(reading.catalog().arena(arena));
  }

  private ArenaReader make(Arena arena) {
    List<Arena> all = reading.catalog().arenas();
    if (of != all) {
      forgetChanged(all);
      of = all;
    }
    ArenaReader reader = readers[arena.id()];
    if (reader == null) {
      reader = new ArenaReader(reading.pages(), arena, reading.scratch());
      readers[arena.id()] = reader;
    }
    return reader;
  }

  private void forgetChanged(List<Arena> all) {
    readers = Arrays.copyOf(readers, all.size());
    for (int i = 0; i < readers.length; i++) {
      ArenaReader reader = readers[i];
      if (reader != null && reader.arena() != all.get(i)) {
        readers[i] = null;
      }
    }
  }
}
