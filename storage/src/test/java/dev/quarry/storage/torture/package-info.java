/// Suites that do to a store what a machine may do to it, and compare what is left with what was
/// promised. Ships in the test jar: tests run small parts of them, `quarry torture` any number.
///
/// A [Workload] is a script of steps that a [Subject] runs on a simulated disk; its [History] knows
/// which states are allowed. A [Suite] makes *cases* of a workload: each has a name from which it
/// is run again. A [Run] counts them. Not here: the disk, which is `storage.simulation`.
@NullMarked
package dev.quarry.storage.torture;

import org.jspecify.annotations.NullMarked;
