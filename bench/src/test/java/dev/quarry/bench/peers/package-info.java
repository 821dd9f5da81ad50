/// Tests of the comparison with peers, with adapters that are made up: none of them needs a peer.
@NullMarked
package dev.quarry.bench.peers;

import org.jspecify.annotations.NullMarked;
