/// `quarry bench peers`: Quarry beside what a user could take instead, on the same data and
/// machine.
///
/// A *contestant* is Quarry or a peer: an adapter in a process of its own, started with a command.
/// [PeersBenchmark] makes the data ([Generator]) and the right answers ([Oracle]), asks all
/// contestants in turn for one round of a workload after the other ([Entrant]), compares what they
/// answer, and only then looks at their times ([Results]). [Ranking] says where Quarry loses,
/// [MarkdownReport] and [HtmlReport] write it down, [History] keeps the ratios.
///
/// The jars of peers are no dependencies of this module: [PeerBuild] fetches them through the
/// profile `peers` of the root, each into a folder of its own, and compiles the adapters.
@NullMarked
package dev.quarry.bench.peers;

import org.jspecify.annotations.NullMarked;
