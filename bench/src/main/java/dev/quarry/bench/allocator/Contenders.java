package dev.quarry.bench.allocator;

import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// All allocators that take part on this machine, and which do not.
final class Contenders {
  static final String LOOP = "the loop alone";
  static final String LABS = "two downcalls of `labs`";
  static final String GLIBC = "glibc";
  static final String SLAB = "Quarry, slab slots";

  private static final List<String> JEMALLOC = List.of("libjemalloc.so.2", "libjemalloc.so");
  private static final List<String> MIMALLOC =
      List.of("libmimalloc.so.3", "libmimalloc.so.2", "libmimalloc.so");

  private final List<Contender> all = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  Contenders() {
    ForeignFunctions critical = ForeignFunctions.glibc(Linker.Option.critical(false));
    all.add(new Contender(SLAB, false, any(), SlabBlocks::new));
    all.add(new Contender("Quarry, scratch", false, diesTogether(), ScratchBlocks::new));
    all.add(new Contender("Quarry, frames", false, ofFrameSize(), FrameBlocks::new));
    all.add(malloc(GLIBC, ForeignFunctions.glibc(), true, any()));
    all.add(malloc("glibc, critical downcalls", critical, false, oneSize()));
    addLibrary("jemalloc", JEMALLOC, "malloc", "free");
    addLibrary("mimalloc", MIMALLOC, "mi_malloc", "mi_free");
    all.add(new Contender("Netty, pooled", false, any(), NettyBlocks::new));
    all.add(new Contender("a confined foreign arena each", false, any(), ArenaBlocks::new));
    all.add(new Contender("`ByteBuffer.allocateDirect`", false, any(), DirectBlocks::new));
  }

  /// Those that allocate.
  List<Contender> all() {
    return all;
  }

  /// Those that are not installed, by name.
  List<String> missing() {
    return missing;
  }

  /// What is measured to take it off the others: the loop, and downcalls in it.
  static List<Contender> yardsticks() {
    MethodHandle labs = Copies.constructor(MallocBlocks.class, ForeignFunctions.labs(), int.class);
    return List.of(
        new Contender(LOOP, false, oneSize(), NoBlocks::new),
        new Contender(LABS, false, oneSize(), count -> make(labs, count)));
  }

  private void addLibrary(String name, List<String> files, String malloc, String free) {
    ForeignFunctions.library(files, malloc, free)
        .ifPresentOrElse(
            functions -> all.add(malloc(name, functions, true, any())),
            () -> missing.add(name + " is left out: none of " + files + " can be loaded"));
  }

  private static Contender malloc(
      String name, ForeignFunctions functions, boolean downcalls, Predicate<Workload> does) {
    MethodHandle copy = Copies.constructor(MallocBlocks.class, functions, int.class);
    return new Contender(name, downcalls, does, count -> make(copy, count));
  }

  private static Blocks make(MethodHandle constructor, int count) {
    try {
      return (Blocks) constructor.invoke(count);
    } catch (Throwable e) {
      throw new IllegalStateException("blocks cannot be made", e);
    }
  }

  private static Predicate<Workload> any() {
    return workload -> true;
  }

  private static Predicate<Workload> diesTogether() {
    return workload -> workload.loop() != Resizes.class;
  }

  /// Where downcalls are a large part of the time, and nothing is written.
  private static Predicate<Workload> oneSize() {
    return workload -> workload.loop() == OneSize.class;
  }

  private static Predicate<Workload> ofFrameSize() {
    return workload -> workload.bytes() == 4096 || workload.bytes() == 16384;
  }
}
