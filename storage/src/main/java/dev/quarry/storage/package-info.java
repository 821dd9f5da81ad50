/// The storage engine as the layer above sees it: open a [Store], read snapshots, commit
/// transactions, checkpoint, close.
///
/// A commit has three moments: *logged*, *durable* (a barrier covers it), *visible* (readers begin
/// on it), in this order, so no reader sees what a crash could take back. Not here: what pages and
/// log records mean; the layer above says so through a [Replayer].
@NullMarked
package dev.quarry.storage;

import org.jspecify.annotations.NullMarked;
