/// Quarry's allocators against others: time per operation, and memory held against memory asked
/// for.
///
/// A *contender* ([Contender]) is an allocator; each thread has *blocks* ([Blocks]) of it, by
/// number. A *workload* ([Workload]) is a loop over blocks ([Loop]) that knows no allocator. Each
/// contender runs a copy of the loop that is compiled for it alone ([Copies]), since a call site
/// that has seen ten allocators costs more than some of them. [Race] takes the time of one
/// contender in one round, [AllocatorBenchmark] lets all run round by round and reports,
/// [Fragmentation] asks in a process per contender what is held after random resizes.
@NullMarked
package dev.quarry.bench.allocator;

import org.jspecify.annotations.NullMarked;
