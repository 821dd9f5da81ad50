/// Native memory: who may have it, where it lies, and the one class that touches it.
///
/// Four words. The *budget* is a tree of accounts; every native byte is charged to one of them
/// before it is taken. An *extent* is a large native range. A *frame* is the part of an extent that
/// holds one page. *Scratch* is a bump allocator whose contents die together.
///
/// An *address* is an opaque `long` that only [Memory] understands; 0 means none. Nobody outside
/// this package holds a `MemorySegment` or a chronicle `BytesStore`. Not here: what lies in the
/// frames, and when a frame may be used again.
@NullMarked
package dev.quarry.storage.memory;

import org.jspecify.annotations.NullMarked;
