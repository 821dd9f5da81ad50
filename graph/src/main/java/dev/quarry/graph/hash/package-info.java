/// One number for a whole graph, the same wherever and however it is stored.
///
/// [GraphHash] walks a snapshot and colours its nodes; [ValueHash] hashes one value; [Words] keeps
/// a colour per node, in memory or in a spill file. Not here: checksums of pages, which say that
/// bytes are as they were written.
@NullMarked
package dev.quarry.graph.hash;

import org.jspecify.annotations.NullMarked;
