/// What the adapter of a peer stands on: the data, the work it is asked for, the conversation with
/// the driver.
///
/// A *peer* is what a user could take instead of Quarry. It runs in a process of its own, on its
/// own jars; of Quarry only this package is on its class path. **Invariant:** nothing here imports
/// anything but the JDK, so no peer meets another version of its own dependencies.
@NullMarked
package dev.quarry.bench.peers.kit;

import org.jspecify.annotations.NullMarked;
