/// Tests of the adapters' end of the comparison with peers.
@NullMarked
package dev.quarry.bench.peers.kit;

import org.jspecify.annotations.NullMarked;
