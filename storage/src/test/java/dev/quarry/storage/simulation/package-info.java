/// A disk that shows what a crash may leave behind. For tests; ships in the test jar.
///
/// [SimDisk] keeps every operation since its birth. A crash state is what is left when the machine
/// stops after some operation, and one that no barrier covers was lost.
@NullMarked
package dev.quarry.storage.simulation;

import org.jspecify.annotations.NullMarked;
