/// Where threads meet: the seam through which a test decides who goes on.
///
/// A *point* is a place between two steps that others may come between. At a point, and wherever
/// the engine waits for another thread, it calls [Sched]. Outside of a simulation a point is
/// nothing, and a wait is the JDK's; in one, a [Scheduler] lets one thread run at a time, in an
/// order that its seed decides. Threads that do one work together share a [FirstFailure]; those of
/// short works come from [SpareThreads], and who expects more soon has a [Lookout].
///
/// Not here: the simulation, which ships in the test jar (`storage.simulation.SimSched`).
@NullMarked
package dev.quarry.storage.schedule;

import org.jspecify.annotations.NullMarked;
