/// Who may still see it: pins of readers, and what waits until nobody can.
///
/// Every published state has a number, its *epoch*. A reader pins the epoch it reads. What a writer
/// replaced is *retired* with the epochs at which it was born and died, and *reclaimed* once no pin
/// lies in between. Not here: what is retired, and how an epoch is published.
@NullMarked
package dev.quarry.storage.epoch;

import org.jspecify.annotations.NullMarked;
