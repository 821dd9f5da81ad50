/// A disk that shows what a crash may leave behind, and that fails as planned. For tests and
/// `quarry torture`; ships in the test jar.
///
/// [SimDisk] has a live image, a durable one, and the units that are pending between them.
/// [CrashPoint] is the moment before a barrier, [CrashStates] makes the [Selection]s of pending
/// units that a crash may lose, [FaultPlan] says which operation goes wrong.
@NullMarked
package dev.quarry.storage.simulation;

import org.jspecify.annotations.NullMarked;
