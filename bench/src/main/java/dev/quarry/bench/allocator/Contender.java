package dev.quarry.bench.allocator;

import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/// An allocator that takes part.
final class Contender {
  private final String name;
  private final boolean downcalls;
  private final Predicate<Workload> does;
  private final IntFunction<Blocks> open;
  private final Map<Class<?>, MethodHandle> loops = new ConcurrentHashMap<>();

  /// @param downcalls whether an allocation and a free are a downcall each, as `labs` would be
  /// @param does which workloads it can do
  /// @param open makes the blocks of a thread, given how many there are
  Contender(String name, boolean downcalls, Predicate<Workload> does, IntFunction<Blocks> open) {
    this.name = name;
    this.downcalls = downcalls;
    this.does = does;
    this.open = open;
  }

  String name() {
    return name;
  }

  boolean downcalls() {
    return downcalls;
  }

  boolean does(Workload workload) {
    return does.test(workload);
  }

  /// New blocks, for the calling thread.
  Blocks open(int count) {
    return open.apply(count);
  }

  /// A loop over blocks of this contender, in its own copy of the code.
  Loop loop(Workload workload, Blocks blocks, int count, long seed) {
    MethodHandle constructor = loops.computeIfAbsent(workload.loop(), Contender::copy);
    try {
      return (Loop) constructor.invoke(blocks, count, workload.bytes(), seed);
    } catch (Throwable e) {
      throw new IllegalStateException(workload.loop() + " cannot be made", e);
    }
  }

  private static MethodHandle copy(Class<?> loop) {
    return Copies.constructor(loop, loop, Blocks.class, int.class, int.class, long.class);
  }
}
