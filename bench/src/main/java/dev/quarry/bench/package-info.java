/// Whether it is true: measurements of Quarry against what a machine can do at best.
///
/// Two sides run in turn, round by round, in one process; what counts is the ratio of a round, and
/// the median of the ratios. A time alone says nothing on a shared machine.
@NullMarked
package dev.quarry.bench;

import org.jspecify.annotations.NullMarked;
