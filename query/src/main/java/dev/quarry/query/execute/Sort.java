package dev.quarry.query.execute;

import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import org.jspecify.annotations.Nullable;

/// Sorts rows, stably, by orderability.
///
/// Where only the first rows are wanted, it throws the others away whenever it holds four times as
/// many, so memory follows the limit. Rows and their order lie in scratches of its own; where they
/// fill a quarter of the query's account, or the query uses more than half of the memory it can
/// get, they become a sorted run in a file, and all runs are merged in the end ([SortRuns]).
///
/// A row is the cells of its keys, then those of the slots that are needed, side by side.
final class Sort extends Operator {
  private static final int LEAST_TOP = 1024;

  /// The account is looked at whenever the rows have grown by so much.
  private static final long STEP = 64 << 10;

  private final Operator input;
  private final int[] slots;
  private final RowValue[] keys;
  private final boolean[] descending;
  private final @Nullable Bound skip;
  private final @Nullable Bound limit;
  private final Batch output;
  private final boolean drains;
  private Scratch rows;
  private Scratch spare;
  private final Scratch order;
  private final SortRuns runs;
  private final long most; // rows in memory
  private long nextLook;
  private long addresses;
  private long capacity;
  private long count;
  private long position;
  private long wanted;
  private boolean sorted;

  /// @param slots what is needed of the rows
  /// @param drains whether the input must run to its end though no row is wanted
  Sort(
      Execution execution,
      Operator input,
      LogicalPlan.Sort plan,
      int[] slots,
      int slotCount,
      boolean drains) {
    super(execution);
    this.input = input;
    this.slots = slots;
    this.keys = new RowValue[plan.keys().size()];
    this.descending = new boolean[keys.length];
    for (int i = 0; i < keys.length; i++) {
      keys[i] = new RowValue(compile(plan.keys().get(i).value()));
      descending[i] = plan.keys().get(i).descending();
    }
    this.skip = plan.skip();
    this.limit = plan.limit();
    this.drains = drains;
    this.output = execution.newBatch(slotCount);
    this.rows = execution.newScratch();
    this.spare = execution.newScratch();
    this.order = execution.newScratch();
    this.runs = execution.newSortRuns(keys.length + slots.length, this::compare);
    this.most = execution.spillRows();
  }

  @Override
  void open() {
    input.open();
    clear();
    runs.close();
    position = 0;
    sorted = false;
    wanted = Long.MAX_VALUE;
    if (limit != null) {
      long skipped = skip == null ? 0 : RowOperators.Window.count(this, skip, "SKIP");
      long limited = RowOperators.Window.count(this, limit, "LIMIT");
      wanted =
          skipped > Long.MAX_VALUE / 8 || limited > Long.MAX_VALUE / 8 ? wanted : skipped + limited;
    }
  }

  @Override
  @Nullable Batch next() {
    if (!sorted) {
      gather();
      if (runs.isEmpty()) {
        sort();
        count = Math.min(count, wanted);
      } else {
        spill();
        runs.beginReading();
      }
      sorted = true;
    }
    output.begin();
    int row = runs.isEmpty() ? restore() : merge();
    output.size(row);
    return row == 0 ? null : output;
  }

  /// Fills the batch with the next rows; returns how many.
  private int restore() {
    int row = 0;
    while (position < count && row < output.capacity()) {
      long kept = Memory.getLong(addresses + position++ * 8);
      for (int i = 0; i < slots.length; i++) {
        output.putCell(slots[i], row, cell(kept, keys.length + i));
      }
      row++;
    }
    return row;
  }

  /// Fills the batch with the next rows of all runs; returns how many.
  private int merge() {
    execution.check();
    forgetValues();
    int row = 0;
    while (position < wanted && row < output.capacity()) {
      long kept = runs.next();
      if (kept == 0) {
        break;
      }
      for (int i = 0; i < slots.length; i++) {
        long cell = cell(kept, keys.length + i);
        long head = Cell.head(cell);
        output.put(slots[i], row, head, Cell.retained(head, Cell.body(cell), values()));
      }
      position++;
      row++;
    }
    return row;
  }

  private void gather() {
    if (wanted == 0 && !drains) {
      return;
    }
    for (Batch batch = input.next(); batch != null; batch = input.next()) {
      execution.check();
      forgetValues();
      for (RowValue key : keys) {
        key.begin(batch);
      }
      for (int row = 0; row < batch.size(); row++) {
        execution.pace().step();
        add(keep(batch, row));
        if (mustSpill()) {
          spill();
        }
      }
      if (wanted <= Integer.MAX_VALUE && count > Math.max(LEAST_TOP, 4 * wanted)) {
        sort();
        throwAway();
      }
    }
  }

  private boolean mustSpill() {
    if (count > most) {
      return true;
    }
    long used = rows.usedBytes() + order.usedBytes();
    if (used < nextLook) {
      return false;
    }
    nextLook = used + STEP;
    Budget account = execution.account();
    return used > account.limit() / 4 || account.used() > account.available();
  }

  /// Makes a run of the rows that are in memory, as far as they may be wanted.
  private void spill() {
    sort();
    runs.add(addresses, Math.min(count, wanted));
    clear();
  }

  private void clear() {
    rows.reset();
    order.reset();
    count = 0;
    capacity = 0;
    nextLook = STEP;
  }

  private long keep(Batch batch, int row) {
    long kept = rows.allocate((long) (keys.length + slots.length) * Cell.BYTES);
    for (int i = 0; i < keys.length; i++) {
      keys[i].row(row);
      Cell.retain(keys[i].head(), keys[i].body(), cell(kept, i), rows);
    }
    for (int i = 0; i < slots.length; i++) {
      long head = batch.head(slots[i], row);
      Cell.retain(head, batch.body(slots[i], row), cell(kept, keys.length + i), rows);
    }
    return kept;
  }

  private void add(long row) {
    if (count == capacity) {
      long newCapacity = Math.max(LEAST_TOP, capacity * 2);
      long copy = order.allocate(newCapacity * 8);
      Memory.copy(addresses, copy, count * 8);
      addresses = copy;
      capacity = newCapacity;
    }
    Memory.putLong(addresses + count++ * 8, row);
  }

  /// Keeps the first rows only, in a fresh scratch.
  private void throwAway() {
    long kept = Math.min(count, wanted);
    int cells = keys.length + slots.length;
    for (long i = 0; i < kept; i++) {
      execution.pace().step();
      long from = Memory.getLong(addresses + i * 8);
      long to = spare.allocate((long) cells * Cell.BYTES);
      for (int c = 0; c < cells; c++) {
        long cell = cell(from, c);
        Cell.retain(Cell.head(cell), Cell.body(cell), cell(to, c), spare);
      }
      Memory.putLong(addresses + i * 8, to);
    }
    count = kept;
    Scratch emptied = rows;
    rows = spare;
    spare = emptied;
    spare.reset();
  }

  /// Merge sort from the bottom, between the array of addresses and a second one.
  private void sort() {
    long mark = order.mark();
    long other = order.allocate(count * 8);
    long from = addresses;
    long to = other;
    for (long width = 1; width < count; width *= 2) {
      execution.check();
      for (long low = 0; low < count; low += 2 * width) {
        merge(from, to, low, Math.min(low + width, count), Math.min(low + 2 * width, count));
      }
      long swap = from;
      from = to;
      to = swap;
    }
    if (from != addresses) {
      Memory.copy(from, addresses, count * 8);
    }
    order.release(mark);
  }

  private void merge(long from, long to, long low, long middle, long high) {
    long left = low;
    long right = middle;
    for (long at = low; at < high; at++) {
      execution.pace().step();
      boolean takeLeft =
          right >= high
              || left < middle
                  && compare(Memory.getLong(from + left * 8), Memory.getLong(from + right * 8))
                      <= 0;
      long next = takeLeft ? left++ : right++;
      Memory.putLong(to + at * 8, Memory.getLong(from + next * 8));
    }
  }

  /// The address of a cell of a row.
  private static long cell(long row, int index) {
    return row + (long) index * Cell.BYTES;
  }

  private int compare(long a, long b) {
    for (int i = 0; i < keys.length; i++) {
      long left = cell(a, i);
      long right = cell(b, i);
      int one =
          Relations.order(Cell.head(left), Cell.body(left), Cell.head(right), Cell.body(right));
      if (one != 0) {
        return descending[i] ? -one : one;
      }
    }
    return 0;
  }
}
