package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.index.IndexCursor;
import dev.quarry.graph.index.Lookup;
import dev.quarry.graph.index.Condition;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Lists the records that a look-up in an index finds, many at a time, in the order of the index.
///
/// In a write transaction it shows what was there when it was opened, minus what was deleted since
/// (rules S5, S6): before the first change of the index it notes what it still has to give. It ends
/// by itself after its last record; close it to end it before. Used by one thread at a time.
public final class IndexSeek implements AutoCloseable {
  private final RecordReading reading;
  private final IndexDefinition index;
  private final Lookup.@Nullable Bounds bounds;
  private final Condition[] conditions;
  private final IndexCursor cursor;
  private long kept;
  private long keptCount;
  private long keptAt;
  private boolean keeps;
  private boolean ended;

  IndexSeek(RecordReading reading, IndexDefinition index, Lookup lookup) {
    this.reading = reading;
    this.index = index;
    this.bounds = lookup.bounds(index.keys().size());
    this.conditions = lookup.conditions();
    this.cursor = reading.walks().take(index);
    if (bounds == null) {
      ended = true;
    } else {
      cursor.open(bounds.fromOrder(), bounds.fromHash());
      reading.opened(this, index);
    }
  }

  /// Writes the next records: ids of nodes, or edge slots of relationships.
  ///
  /// @return how many, 0 at the end
  public int fill(long[] records, int most) {
    reading.ensureOpen();
    if (keeps) {
      return fillKept(records, most);
    }
    if (ended) {
      return 0;
    }
    int count = 0;
    cursor.refresh();
    while (count < most && !ended) {
      if (!advance()) {
        close();
      } else if (isWanted(cursor.record()) && !isLeaving(cursor.record())) {
        records[count++] = cursor.record();
      }
    }
    return count;
  }

  private boolean advance() {
    return bounds != null && cursor.next() && !bounds.isPast(cursor.order(), cursor.hash());
  }

  private int fillKept(long[] records, int most) {
    int count = 0;
    while (count < most && keptAt < keptCount && !ended) {
      long record = Memory.getLong(kept + 8 * keptAt++);
      boolean live = reader(record).slots().isLive(slot(record)) && !isLeaving(record);
      if (live && !reading.isDropped(index, record)) {
        records[count++] = record;
      }
    }
    return count;
  }

  /// Notes the rest of what it finds, since the index is about to change.
  ///
  /// @param scratch whose bytes live as long as the transaction
  void keep(Scratch scratch) {
    IndexCursor counter = new IndexCursor(reading.pages(), index.space());
    cursor.refresh();
    long most = countFrom(counter);
    kept = scratch.allocate(8 * most);
    while (advance()) {
      if (isWanted(cursor.record())) {
        Memory.putLong(kept + 8 * keptCount++, cursor.record());
      }
    }
    keeps = true;
  }

  /// How many entries there are from here to the end of the bounds.
  private long countFrom(IndexCursor counter) {
    counter.copy(cursor);
    long count = 0;
    while (bounds != null && counter.next() && !bounds.isPast(counter.order(), counter.hash())) {
      count++;
    }
    return count;
  }

  private boolean isWanted(long record) {
    if (reading.isDropped(index, record)) {
      return false;
    }
    ArenaReader reader = reader(record);
    long slot = slot(record);
    for (int i = 0; i < conditions.length; i++) {
      reader.read(slot, index.keys().get(i), conditions[i]);
      if (!conditions[i].passed()) {
        return false;
      }
    }
    return true;
  }

  private boolean isLeaving(long record) {
    return !index.ofRelationships() && reading.isLeaving(record);
  }

  private ArenaReader reader(long record) {
    return index.ofRelationships()
        ? reading.edgeReader(index.token(), record)
        : reading.nodeArena(record);
  }

  private long slot(long record) {
    return index.ofRelationships() ? Ids.row(record) : Ids.slot(record);
  }

  /// Ends it.
  @Override
  public void close() {
    if (!ended) {
      ended = true;
      reading.walks().giveBack(index, cursor);
      reading.ended(this, index);
    }
  }
}
