package dev.quarry.storage.torture;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// What was observed of lists that transactions append unique numbers to, and read.
///
/// Every read shows the whole list, hence the order of all appends before it. Time is a counter:
/// what ended at a smaller number than another one began was before it.
public final class ListHistory {
  /// The end of what has not ended.
  public static final long NEVER = Long.MAX_VALUE;

  /// What became of a transaction.
  public enum Fate {
    /// It is open, or was rolled back: nothing of it may be seen.
    ABORTED,
    /// Its commit began, and nobody was told how it ended.
    UNKNOWN,
    /// It was acknowledged.
    COMMITTED
  }

  /// One step of a transaction: an append of one value, or a read of all.
  record Step(boolean append, int key, long[] values) {
    @Override
    public String toString() {
      return (append ? "append " : "read ") + key + " " + Arrays.toString(values);
    }
  }

  /// A transaction.
  public static final class Transaction {
    final int number;
    final String who;
    final long begin;
    final List<Step> steps = new ArrayList<>();
    long end = NEVER;
    Fate fate = Fate.ABORTED;
    private final boolean reader;
    private boolean closed;

    private Transaction(int number, String who, boolean reader, long begin) {
      this.number = number;
      this.who = who;
      this.reader = reader;
      this.begin = begin;
    }

    private Transaction copy() {
      Transaction copy = new Transaction(number, who, reader, begin);
      copy.steps.addAll(steps);
      copy.end = end;
      copy.fate = fate;
      copy.closed = closed;
      return copy;
    }

    /// It appended a value.
    public Transaction append(int key, long value) {
      return add(new Step(true, key, new long[] {value}));
    }

    /// It read a list.
    public Transaction read(int key, long... values) {
      return add(new Step(false, key, values));
    }

    private Transaction add(Step step) {
      if (!closed) {
        steps.add(step);
      }
      return this;
    }

    /// Its commit is about to be tried.
    public void tries() {
      fate = closed ? fate : Fate.UNKNOWN;
    }

    /// It has succeeded; of a reader, it has read all that it wanted.
    public void committed(long time) {
      if (!closed) {
        fate = Fate.COMMITTED;
        end = time;
        closed = true;
      }
    }

    /// It was rolled back.
    public void aborted() {
      if (!closed) {
        fate = Fate.ABORTED;
        closed = true;
      }
    }

    @Override
    public String toString() {
      String until = end == NEVER ? "" : String.valueOf(end);
      return "T%d (%s, %d-%s, %s) %s".formatted(number, who, begin, until, fate, steps);
    }
  }

  private final List<Transaction> transactions = new ArrayList<>();
  private long time;
  private boolean stopped;

  /// The next number of the clock.
  public long tick() {
    return ++time;
  }

  /// A transaction that may write begins now.
  public Transaction begin(String who) {
    return begin(who, false);
  }

  /// A reader begins now. What it reads is true at once, however it ends.
  public Transaction beginRead(String who) {
    return begin(who, true);
  }

  private Transaction begin(String who, boolean reader) {
    Transaction transaction = new Transaction(transactions.size(), who, reader, tick());
    if (stopped) {
      transaction.closed = true;
    } else {
      transactions.add(transaction);
    }
    return transaction;
  }

  /// The power is gone: nobody hears of what happens from now on. What was read until now was read.
  public void stop() {
    stopped = true;
    for (Transaction open : transactions) {
      if (!open.closed && open.reader) {
        open.committed(tick());
      }
      open.closed = true;
    }
  }

  /// Whether the power is gone.
  public boolean stopped() {
    return stopped;
  }

  /// What follows is observed again.
  public void goOn() {
    stopped = false;
  }

  /// The same until now, as if the power were gone now.
  public ListHistory ifStopped() {
    ListHistory copy = new ListHistory();
    copy.time = time;
    for (Transaction transaction : transactions) {
      copy.transactions.add(transaction.copy());
    }
    copy.stop();
    copy.goOn();
    return copy;
  }

  /// All transactions, in the order of their beginnings.
  List<Transaction> transactions() {
    return transactions;
  }

  /// All of it, a line for each transaction.
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    transactions.forEach(transaction -> text.append("  ").append(transaction).append('\n'));
    return text.toString();
  }
}
