/// The write-ahead log: batches of records in segments, one barrier a batch.
///
/// An *LSN* is a position in the log, counted on through all segments and incarnations of a store.
/// A *batch* holds the records of one commit; a *segment* is one file. What a record means is the
/// business of the layer above; here it is framed, checksummed and ordered. The bytes are drawn in
/// [Segment] and [Batch]. Not here: when a log is replayed, and what makes it superfluous.
@NullMarked
package dev.quarry.storage.wal;

import org.jspecify.annotations.NullMarked;
