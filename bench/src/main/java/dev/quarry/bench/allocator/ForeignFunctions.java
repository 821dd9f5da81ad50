package dev.quarry.bench.allocator;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;

/// An allocator of a C library: downcalls of its two functions. Addresses are words.
///
/// @param malloc `(long bytes) -> long address`
/// @param free `(long address)`
record ForeignFunctions(MethodHandle malloc, MethodHandle free) {
  private static final FunctionDescriptor WORD_TO_WORD =
      FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
  private static final FunctionDescriptor WORD = FunctionDescriptor.ofVoid(ValueLayout.JAVA_LONG);

  /// What the C library of the process has, with or without the transition to native code that lets
  /// the JVM stop threads meanwhile.
  static ForeignFunctions glibc(Linker.Option... options) {
    SymbolLookup symbols = Linker.nativeLinker().defaultLookup();
    return new ForeignFunctions(
        downcall(symbols.findOrThrow("malloc"), WORD_TO_WORD, options),
        downcall(symbols.findOrThrow("free"), WORD, options));
  }

  /// `labs` instead of both: what two downcalls cost that do next to nothing.
  static ForeignFunctions labs() {
    MemorySegment labs = Linker.nativeLinker().defaultLookup().findOrThrow("labs");
    return new ForeignFunctions(downcall(labs, WORD_TO_WORD), downcall(labs, WORD));
  }

  /// Those of the first library that is installed and has them.
  static Optional<ForeignFunctions> library(List<String> names, String malloc, String free) {
    for (String name : names) {
      Optional<SymbolLookup> symbols = open(name);
      Optional<MemorySegment> first = symbols.flatMap(s -> s.find(malloc));
      Optional<MemorySegment> second = symbols.flatMap(s -> s.find(free));
      if (first.isPresent() && second.isPresent()) {
        return Optional.of(
            new ForeignFunctions(
                downcall(first.get(), WORD_TO_WORD), downcall(second.get(), WORD)));
      }
    }
    return Optional.empty();
  }

  @SuppressWarnings("restricted")
  private static Optional<SymbolLookup> open(String library) {
    try {
      return Optional.of(SymbolLookup.libraryLookup(library, Arena.global()));
    } catch (IllegalArgumentException notInstalled) {
      return Optional.empty();
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle downcall(
      MemorySegment function, FunctionDescriptor type, Linker.Option... options) {
    return Linker.nativeLinker().downcallHandle(function, type, options);
  }

  /// Bytes that glibc has taken from the system: `arena + hblkhd` of its `mallinfo2`, all arenas of
  /// the process; [Blocks#UNKNOWN] where the C library has no such function.
  static long glibcHeldBytes() {
    Optional<MemorySegment> mallinfo = Linker.nativeLinker().defaultLookup().find("mallinfo2");
    if (mallinfo.isEmpty()) {
      return Blocks.UNKNOWN;
    }
    StructLayout words =
        MemoryLayout.structLayout(MemoryLayout.sequenceLayout(10, ValueLayout.JAVA_LONG));
    MethodHandle call = downcall(mallinfo.get(), FunctionDescriptor.of(words));
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment info = (MemorySegment) call.invokeExact((SegmentAllocator) arena);
      return info.getAtIndex(ValueLayout.JAVA_LONG, 0) + info.getAtIndex(ValueLayout.JAVA_LONG, 4);
    } catch (Throwable e) {
      throw new IllegalStateException("mallinfo2 failed", e);
    }
  }
}
