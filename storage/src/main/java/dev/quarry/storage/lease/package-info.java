/// Transactions that somebody else may end between two of their calls: nothing is given back under
/// one that runs.
///
/// *Calls* know whether a transaction is in use right now. A *lease* says when it may be ended:
/// that of a reader, [dev.quarry.storage.lease.ReadLease], is over after some time; that of a
/// writer is the business of the layer that lets writers wait.
@NullMarked
package dev.quarry.storage.lease;

import org.jspecify.annotations.NullMarked;
