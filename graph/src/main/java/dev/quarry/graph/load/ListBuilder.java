package dev.quarry.graph.load;

import dev.quarry.graph.statistics.DegreeSketch;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeMemory;
import dev.quarry.storage.memory.Scratch;

/// Makes lists of sorted records: those with one first slot are a list of their second slots. Call
/// [#end()] behind the last one.
final class ListBuilder implements Sorted, AutoCloseable {
  private static final long FIRST = 1024;
  private static final int PIECE = 1 << 12;

  private final ListTarget target;
  private final boolean isWide;
  private final DegreeSketch degrees;
  private final boolean mayLoop;
  private final NativeMemory memory;
  private final Budget account;
  private Scratch scratch;
  private long entries;
  private long capacity;
  private long count;
  private long slot = -1;

  // Of all records so far.
  private long loops;
  private boolean repeats;
  private long lastKey = -1;

  // A piece of the records without edge slots.
  private final Scratch ofPiece;
  private final long piece;
  private final long[] keys = new long[PIECE];
  private final int[] seconds = new int[PIECE];
  private final int[] starts = new int[PIECE]; // of lists

  /// @param isWide whether records have edge slots, and entries 8 bytes
  /// @param degrees is told of each list
  /// @param mayLoop whether first and second are slots of the same arena
  ListBuilder(
      ListTarget target,
      boolean isWide,
      DegreeSketch degrees,
      boolean mayLoop,
      NativeMemory memory,
      Budget account) {
    this.target = target;
    this.isWide = isWide;
    this.degrees = degrees;
    this.mayLoop = mayLoop;
    this.memory = memory;
    this.account = account;
    this.scratch = memory.scratch(account);
    this.ofPiece = memory.scratch(account);
    this.piece = ofPiece.allocate(PIECE * 4L);
  }

  @Override
  public void accept(long records, long many) {
    if (isWide) {
      acceptWide(records, many);
      return;
    }
    for (long done = 0; done < many; done += PIECE) {
      acceptBare(records + done * 8, (int) Math.min(PIECE, many - done));
    }
  }

  /// A list that lies within the piece is handed on from there.
  private void acceptBare(long records, int many) {
    Memory.getLongs(records, keys, 0, many);
    int lists = split(many);
    Memory.putInts(seconds, 0, piece, many);
    for (int i = 0; i < lists; i++) {
      int from = starts[i];
      int to = i + 1 < lists ? starts[i + 1] : many;
      begin(keys[from] >>> 32);
      if (count == 0 && to < many) {
        hand(piece + from * 4L, to - from);
      } else {
        addBare(piece + from * 4L, to - from);
      }
    }
  }

  /// Notes the second slots of the keys, where lists begin, and what else is asked about them.
  ///
  /// @return how many lists there are
  private int split(int many) {
    int lists = 0;
    int same = keys[0] == lastKey ? 1 : 0;
    int toSelf = 0;
    long last = ~keys[0];
    for (int i = 0; i < many; i++) {
      long key = keys[i];
      int second = (int) key;
      int first = (int) (key >>> 32);
      seconds[i] = second;
      starts[lists] = i;
      lists += first == (int) (last >>> 32) ? 0 : 1;
      same += key == last ? 1 : 0;
      toSelf += first == second ? 1 : 0;
      last = key;
    }
    loops += toSelf;
    repeats |= same > 0;
    lastKey = last;
    return lists;
  }

  /// Notes of a record what else is asked about it.
  private void note(long key) {
    loops += (int) key == (int) (key >>> 32) ? 1 : 0;
    repeats |= key == lastKey;
    lastKey = key;
  }

  private void hand(long from, long many) {
    target.list(slot, from, many);
    degrees.addNode(many);
  }

  private void begin(long first) {
    if (first != slot) {
      endList();
      slot = first;
    }
  }

  private void addBare(long from, int many) {
    while (count + many > capacity) {
      grow();
    }
    Memory.copy(from, entries + count * 4, many * 4L);
    count += many;
  }

  private void acceptWide(long records, long many) {
    for (long i = 0; i < many; ) {
      begin(Memory.getLong(records + i * 16) >>> 32);
      i += addWide(records, i, many);
    }
  }

  /// Adds the records of the slot from one on; returns how many.
  private long addWide(long records, long from, long to) {
    long i = from;
    for (; i < to; i++) {
      long key = Memory.getLong(records + i * 16);
      if (key >>> 32 != slot) {
        break;
      }
      if (count == capacity) {
        grow();
      }
      note(key);
      put(key << 32 | Ids.row(Memory.getLong(records + i * 16 + 8)) + 1);
      count++;
    }
    return i - from;
  }

  /// Relationships of one pair come in the order of the file, entries are in that of rows.
  private void put(long word) {
    long at = entries + count * 8;
    while (at > entries && Long.compareUnsigned(Memory.getLong(at - 8), word) > 0) {
      Memory.putLong(at, Memory.getLong(at - 8));
      at -= 8;
    }
    Memory.putLong(at, word);
  }

  private void grow() {
    int width = isWide ? 8 : 4;
    long larger = Math.max(FIRST, capacity * 2);
    Scratch next = memory.scratch(account);
    long copy = next.allocate(larger * width);
    if (count > 0) {
      Memory.copy(entries, copy, count * width);
    }
    scratch.close();
    scratch = next;
    entries = copy;
    capacity = larger;
  }

  /// Hands the last list on.
  void end() {
    endList();
    degrees.addEnds(mayLoop ? loops : 0, repeats);
  }

  private void endList() {
    if (count > 0) {
      hand(entries, count);
      count = 0;
    }
  }

  @Override
  public void close() {
    scratch.close();
    ofPiece.close();
  }
}
