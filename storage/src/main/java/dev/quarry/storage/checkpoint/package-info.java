/// The file: where pages lie in it, how a state becomes durable, and how it is found again.
///
/// A *place* is an offset in units of 4 KiB. A *checkpoint* writes what is dirty to free places,
/// then the nodes above it, then the two system tables, then, after a barrier, one of two *meta
/// blocks*. A place that a meta block on disk reaches is never written to. Not here: the log, and
/// what pages mean. The bytes are drawn in [Meta], [SystemTables] and `page.NodeImage`.
@NullMarked
package dev.quarry.storage.checkpoint;

import org.jspecify.annotations.NullMarked;
