package dev.quarry.storage.simulation;

import dev.quarry.storage.schedule.Point;
import dev.quarry.storage.schedule.Sched;
import dev.quarry.storage.schedule.Scheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// Runs some threads one at a time, in an order that a seed decides.
///
/// ```text
///           point, or a wait                        point
///   task 1 ─────────────────┐              ┌───────────────────►
///   task 2                  └──────────────┘   the baton: only who has it runs
/// ```
///
/// At each point the present task keeps the baton, or a task that could go on gets it. How often it
/// changes hands, and which tasks are favoured, is drawn from the seed too, and the favours are
/// drawn anew now and then; and now and then a task stalls at a point for long. So some runs switch
/// everywhere, and in others much happens while one task stands between two steps. A task that
/// waits cannot go on before it was woken; if no task can, then that is an error: a wake-up was
/// lost, or they wait for each other.
///
/// Monitors of the engine are real ones. A task that stops where it may hold one ([Point#locked])
/// is followed by *readers* only until it goes on, since they take no lock.
///
/// The threads are virtual, and each is another one for the engine. An error in one ends all.
public final class SimSched implements Scheduler {
  private static final int[] WEIGHTS = {1, 2, 8, 40};
  private static final int[] SWITCH_PERCENT = {70, 40, 20, 8};
  private static final int[] FAVOUR_POINTS = {20, 80, 320, Integer.MAX_VALUE};
  private static final int[] STALL_ONE_IN = {30, 150, Integer.MAX_VALUE};
  private static final int LONGEST_STALL = 200;
  private static final int[] DIFFERENT_IDS = {1, 3, 64};
  private static final long MOST_SECONDS = 30;
  private static final long MOST_POINTS = 1_000_000;

  /// A thread of the simulation.
  private final class Task {
    private final int number;
    private final String name;
    private final boolean reader;
    private final Runnable body;
    private final Thread thread;
    private @Nullable Object waitsFor;
    private @Nullable Object sleepsIn;
    private boolean permit;
    private boolean done;
    private int weight = 1;
    private long stalledTo;

    Task(int number, String name, boolean reader, Runnable body) {
      this.number = number;
      this.name = name;
      this.reader = reader;
      this.body = body;
      this.thread = Thread.ofVirtual().name(name).unstarted(() -> SimSched.this.run(this));
    }

    boolean ready() {
      return !done
          && (waitsFor == null
              || waitsFor instanceof Semaphore semaphore && semaphore.availablePermits() > 0);
    }
  }

  /// Ends a task because another one has failed.
  private static final class Aborted extends Error {
    private static final long serialVersionUID = 1;

    Aborted() {
      super("another thread of the simulation has failed", null, false, false);
    }
  }

  /// What a task waits for in [#park].
  private static final Object UNPARK = new Object();

  private final SplittableRandom random;
  private final int switchPercent;
  private final int favourPoints;
  private final int stallOneIn;
  private final int differentIds;
  private final List<Task> tasks = new ArrayList<>();
  private final Map<Thread, Task> byThread = new HashMap<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable Task turn;
  private @Nullable Task locker;
  private long points;
  private long trace;
  private long switches;
  private final TreeMap<Long, Runnable> events = new TreeMap<>();
  private long nextEvent = Long.MAX_VALUE;
  private @Nullable Throwable failure;

  public SimSched(long seed) {
    random = new SplittableRandom(seed);
    switchPercent = SWITCH_PERCENT[random.nextInt(SWITCH_PERCENT.length)];
    favourPoints = FAVOUR_POINTS[random.nextInt(FAVOUR_POINTS.length)];
    stallOneIn = STALL_ONE_IN[random.nextInt(STALL_ONE_IN.length)];
    differentIds = DIFFERENT_IDS[random.nextInt(DIFFERENT_IDS.length)];
  }

  /// Adds a thread, which begins with [#run].
  ///
  /// @param reader whether it takes no lock, so that it may run while someone else holds one
  public void add(String name, boolean reader, Runnable body) {
    task(name, reader, body);
  }

  private Task task(String name, boolean reader, Runnable body) {
    Task task = new Task(tasks.size(), name, reader, body);
    tasks.add(task);
    byThread.put(task.thread, task);
    return task;
  }

  /// Does something once, in the middle of things, when so many points were passed.
  public void at(long point, Runnable action) {
    events.put(point, action);
    nextEvent = events.firstKey();
  }

  /// Runs all threads to their end.
  ///
  /// @throws RuntimeException what one of them failed with; or [AssertionError] if all wait
  public void run() {
    tasks.forEach(task -> task.thread.start());
    favour();
    pass(choose(null));
    awaitEnd();
    switch (failure) {
      case null -> {}
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      default -> throw new AssertionError(failure);
    }
  }

  /// Seconds are counted one by one: while the whole process is stopped, no more than one goes by.
  private void awaitEnd() {
    try {
      for (long second = 0; second < MOST_SECONDS; second++) {
        if (ended.await(1, TimeUnit.SECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Task last = turn;
    AssertionError stuck = new AssertionError("blocked where no scheduler sees it: " + describe());
    if (last != null) {
      stuck.setStackTrace(last.thread.getStackTrace());
    }
    throw stuck;
  }

  /// How many points were passed.
  public long points() {
    return points;
  }

  /// How often the baton changed hands.
  public long switches() {
    return switches;
  }

  /// A hash of all that was decided and noted, the same for the same run.
  public long trace() {
    return trace;
  }

  /// Adds something to the trace.
  public void note(long what) {
    trace = mix(trace * 31 + what);
  }

  // What the threads call.

  @Override
  public void point(Point point) {
    Task me = me();
    ensureGoingOn();
    note(me.number * 32L + point.ordinal());
    if (points++ == nextEvent) {
      events.remove(nextEvent).run();
      nextEvent = events.isEmpty() ? Long.MAX_VALUE : events.firstKey();
    }
    if (points > MOST_POINTS) {
      throw new AssertionError("there is no end to it: " + describe());
    }
    if (points % favourPoints == 0) {
      favour();
    }
    if (random.nextInt(stallOneIn) == 0) {
      me.stalledTo = points + random.nextInt(LONGEST_STALL);
    }
    if (me.stalledTo > points || random.nextInt(100) < switchPercent) {
      locker = point.locked() && !me.reader ? me : locker;
      yieldTo(me, choose(me));
      locker = locker == me ? null : locker;
    }
  }

  @Override
  public void start(String name, Runnable work) {
    task(name, false, work).thread.start();
  }

  @Override
  public void await(Object monitor) {
    Task me = me();
    assert !me.reader : me.name + " only reads, and waits for others";
    me.waitsFor = monitor;
    me.sleepsIn = monitor;
    pass(choose(me));
    while (turn != me) {
      try {
        monitor.wait();
      } catch (InterruptedException e) {
        throw new AssertionError("nobody interrupts a thread of a simulation", e);
      }
    }
    me.sleepsIn = null;
    ensureGoingOn();
  }

  @Override
  public void signalAll(Object monitor) {
    for (Task task : tasks) {
      task.waitsFor = task.waitsFor == monitor ? null : task.waitsFor;
    }
  }

  @Override
  public void park() {
    Task me = me();
    assert !me.reader : me.name + " only reads, and waits for others";
    if (!me.permit) {
      me.waitsFor = UNPARK;
      yieldTo(me, choose(me));
    }
    me.permit = false;
    ensureGoingOn();
  }

  @Override
  public void unpark(Thread thread) {
    Task task = byThread.get(thread);
    if (task != null) {
      task.permit = true;
      task.waitsFor = task.waitsFor == UNPARK ? null : task.waitsFor;
    }
  }

  @Override
  public long threadId() {
    return me().number % differentIds;
  }

  @Override
  public void acquire(Semaphore semaphore) {
    Task me = me();
    assert !me.reader : me.name + " only reads, and waits for others";
    ensureGoingOn();
    while (!semaphore.tryAcquire()) {
      me.waitsFor = semaphore;
      yieldTo(me, choose(me));
      me.waitsFor = null;
      ensureGoingOn();
    }
  }

  // The baton.

  private void run(Task task) {
    awaitTurn(task);
    try {
      ensureGoingOn();
      ScopedValue.where(Sched.SIMULATION, this).run(task.body);
    } catch (Aborted e) {
      // The other one tells why.
    } catch (Throwable e) {
      fail(task, e);
    }
    task.done = true;
    locker = locker == task ? null : locker;
    Task next = choose(task);
    if (next == null) {
      ended.countDown();
    } else {
      pass(next);
    }
  }

  /// The first failure, with where the others stood.
  private void fail(Task task, Throwable cause) {
    if (failure == null) {
      failure = cause;
      for (Task other : tasks) {
        if (other != task && !other.done) {
          Throwable stood = new Throwable(other.name + " stood here", null, false, true) {};
          stood.setStackTrace(other.thread.getStackTrace());
          cause.addSuppressed(stood);
        }
      }
    }
  }

  private void yieldTo(Task me, @Nullable Task next) {
    if (next != me) {
      pass(next);
      awaitTurn(me);
    }
    ensureGoingOn();
  }

  private void pass(@Nullable Task next) {
    if (next == null) {
      return;
    }
    switches++;
    note(next.number);
    Object monitor = next.sleepsIn;
    turn = next;
    if (monitor == null) {
      LockSupport.unpark(next.thread);
    } else {
      synchronized (monitor) {
        monitor.notifyAll();
      }
    }
  }

  private void awaitTurn(Task me) {
    while (turn != me) {
      LockSupport.park(this);
    }
  }

  private void ensureGoingOn() {
    if (failure != null) {
      throw new Aborted();
    }
  }

  /// Who goes on; null if all have ended. If something has failed, it is whoever must end next.
  private @Nullable Task choose(@Nullable Task me) {
    if (failure != null) {
      return toEnd();
    }
    int sum = tasks.stream().mapToInt(this::chance).sum();
    if (sum == 0 && tasks.stream().anyMatch(this::candidate)) {
      tasks.forEach(task -> task.stalledTo = 0); // all who could go on stand still
      sum = tasks.stream().mapToInt(this::chance).sum();
    }
    if (sum == 0) {
      if (tasks.stream().allMatch(task -> task.done)) {
        return null;
      }
      failure = new AssertionError("all wait, and nobody wakes them: " + describe());
      return toEnd();
    }
    int drawn = random.nextInt(sum);
    for (Task task : tasks) {
      drawn -= chance(task);
      if (drawn < 0) {
        return task;
      }
    }
    throw new AssertionError(drawn);
  }

  private int chance(Task task) {
    return candidate(task) && task.stalledTo <= points ? task.weight : 0;
  }

  private boolean candidate(Task task) {
    return task.ready() && (locker == null || locker == task || task.reader);
  }

  private @Nullable Task toEnd() {
    if (locker != null && !locker.done) {
      return locker;
    }
    return tasks.stream().filter(task -> !task.done).findFirst().orElse(null);
  }

  private void favour() {
    for (Task task : tasks) {
      task.weight = WEIGHTS[random.nextInt(WEIGHTS.length)];
    }
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (Task task : tasks) {
      Object what = task.waitsFor;
      String state =
          task.done
              ? "has ended"
              : what == null
                  ? "could go on"
                  : "waits for " + (what == UNPARK ? "unpark" : what.getClass().getSimpleName());
      text.append(text.isEmpty() ? "" : ", ").append(task.name).append(' ').append(state);
    }
    return text.toString();
  }

  private Task me() {
    Task me = byThread.get(Thread.currentThread());
    assert me != null && turn == me : "not a thread of this simulation, or not its turn";
    return me;
  }

  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
