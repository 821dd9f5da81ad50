package dev.quarry.storage.memory;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.MemoryBudgetException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/// An account of native memory, in a tree: what a child uses, its parents use too.
///
/// Memory is reserved before it is taken and released after it is given back. A reservation that
/// does not fit into an account or one of its parents changes nothing and raises
/// [MemoryBudgetException].
///
/// Invariant: `0 <= used() <= limit()`, and `used()` is at least the sum of the children's.
/// Threads: any; the counters are atomic.
public final class Budget {
  /// For tests: while it is bound, accounts of a new root ask it about each reservation, by size,
  /// and refuse what it refuses.
  public static final ScopedValue<LongPredicate> REHEARSAL = ScopedValue.newInstance();

  private static final LongPredicate ALLOW_ALL = bytes -> true;

  private final String name;
  private final @Nullable Budget parent;
  private final long limit;
  private final AtomicLong used = new AtomicLong();
  private final AtomicLong peak = new AtomicLong();
  private List<Budget> children = List.of(); // until there are some; locked by this
  private final LongPredicate rehearsal;

  private Budget(String name, @Nullable Budget parent, long limit) {
    this.name = name;
    this.parent = parent;
    this.limit = limit;
    this.rehearsal = parent != null ? parent.rehearsal : REHEARSAL.orElse(ALLOW_ALL);
  }

  /// The account at the root of a tree.
  ///
  /// @param limitBytes the most that the whole tree may use
  public static Budget root(String name, long limitBytes) {
    return new Budget(name, null, limitBytes);
  }

  /// A new account below this one, with no limit of its own.
  public Budget child(String childName) {
    return child(childName, Long.MAX_VALUE);
  }

  /// A new account below this one, with a limit of its own.
  public Budget child(String childName, long limitBytes) {
    Budget child = new Budget(childName, this, limitBytes);
    add(child);
    return child;
  }

  private synchronized void add(Budget child) {
    if (children.isEmpty()) {
      children = new ArrayList<>();
    }
    children.add(child);
  }

  /// Reserves bytes here and in all parents.
  ///
  /// @throws MemoryBudgetException if they do not fit; nothing is reserved then
  public void reserve(long bytes) {
    Budget full = rehearsal.test(bytes) ? addUpTo(bytes, null) : this;
    if (full != null) {
      throw full.exceeded(bytes, this);
    }
  }

  /// Reserves bytes if they fit; false, with nothing reserved, if they do not.
  public boolean tryReserve(long bytes) {
    return rehearsal.test(bytes) && addUpTo(bytes, null) == null;
  }

  /// Gives reserved bytes back, here and in all parents.
  public void release(long bytes) {
    releaseUpTo(bytes, null);
  }

  private void releaseUpTo(long bytes, @Nullable Budget end) {
    assert bytes >= 0 : bytes;
    for (Budget account = this; account != null && account != end; account = account.parent) {
      long left = account.used.addAndGet(-bytes);
      assert left >= 0 : account.name + " released " + (-left) + " bytes that it did not hold";
    }
  }

  /// Takes bytes over that another account of the tree holds, and does not need.
  ///
  /// @param common the lowest account that both are part of
  /// @throws MemoryBudgetException if they do not fit into this account or a parent that the other
  ///   one does not have; nothing changes then
  void claim(long bytes, Budget holder, Budget common) {
    assert common == commonWith(holder) : common.name;
    Budget full = rehearsal.test(bytes) ? addUpTo(bytes, common) : this;
    if (full != null) {
      throw full.exceeded(bytes, this);
    }
    holder.releaseUpTo(bytes, common);
  }

  /// Hands bytes over to an account of the tree that has no limit of its own. Cannot fail, however
  /// full the tree is: what both have in common does not change.
  ///
  /// @param common the lowest account that both are part of
  void handOver(long bytes, Budget receiver, Budget common) {
    assert common == commonWith(receiver) : common.name;
    Budget full = receiver.addUpTo(bytes, common);
    assert full == null : receiver.name + " has a limit";
    releaseUpTo(bytes, common);
  }

  /// Bytes in use by this account and its children.
  public long used() {
    return used.get();
  }

  /// The most bytes that were ever in use at once.
  public long peak() {
    return peak.get();
  }

  /// The limit of this account; [Long#MAX_VALUE] if it has none of its own.
  public long limit() {
    return limit;
  }

  /// Bytes that a reservation could still get, here and in all parents.
  public long available() {
    long available = Long.MAX_VALUE;
    for (Budget account = this; account != null; account = account.parent) {
      available = Math.min(available, account.limit - account.used.get());
    }
    return available;
  }

  public String name() {
    return name;
  }

  /// The accounts below this one, in order of creation.
  public synchronized List<Budget> children() {
    return List.copyOf(children);
  }

  /// Ends this account, which must be empty, and takes it out of its parent.
  public void close() {
    assert used.get() == 0 : name + " still holds " + used.get() + " bytes";
    if (parent != null) {
      parent.forget(this);
    }
  }

  private synchronized void forget(Budget child) {
    int at = children.lastIndexOf(child); // those of queries come last, and end first
    if (at >= 0) {
      children.remove(at);
    }
  }

  private Budget commonWith(Budget other) {
    for (Budget account = this; account != null; account = account.parent) {
      for (Budget theirs = other; theirs != null; theirs = theirs.parent) {
        if (account == theirs) {
          return account;
        }
      }
    }
    throw new AssertionError(name + " and " + other.name + " have no account in common");
  }

  /// Returns the account that is full, or null after a success.
  private @Nullable Budget addUpTo(long bytes, @Nullable Budget end) {
    assert bytes >= 0 : bytes;
    for (Budget account = this; account != null && account != end; account = account.parent) {
      if (!account.add(bytes)) {
        for (Budget undo = this; undo != account; undo = parentOf(undo)) {
          undo.used.addAndGet(-bytes);
        }
        return account;
      }
    }
    return null;
  }

  private static Budget parentOf(Budget account) {
    Budget parent = account.parent;
    assert parent != null : account.name;
    return parent;
  }

  private boolean add(long bytes) {
    long before = used.get();
    while (bytes <= limit - before) {
      if (used.compareAndSet(before, before + bytes)) {
        notePeak(before + bytes);
        return true;
      }
      before = used.get();
    }
    return false;
  }

  private void notePeak(long now) {
    long known = peak.get();
    while (now > known && !peak.compareAndSet(known, now)) {
      known = peak.get();
    }
  }

  private MemoryBudgetException exceeded(long bytes, Budget asking) {
    String whose = asking == this ? "" : " (asked by account \"" + asking.name + "\")";
    return new MemoryBudgetException(
        ErrorCode.MEMORY_BUDGET,
        "account \"%s\" is at its memory limit: asked for %,d bytes%s, %,d of %,d are in use"
            .formatted(name, bytes, whose, used.get(), limit),
        "give it more memory (`--memory`, from Java `withMemory`), or do the work in smaller parts");
  }
}
