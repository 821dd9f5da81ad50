/// `quarry torture`: does to stores what machines may do to them, and counts broken promises.
///
/// The suites are those of `dev.quarry.storage.torture`; here are the command and the workloads of
/// graphs.
@NullMarked
package dev.quarry.bench.torture;

import org.jspecify.annotations.NullMarked;
