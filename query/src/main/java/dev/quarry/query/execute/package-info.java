/// Plans at run time: operators that hand batches of rows upwards.
///
/// An [Operator] fills its own batch; what its cells point to lies in its scratch and dies when it
/// is asked for the next batch. What an operator keeps longer (groups, sort runs, drained rows) it
/// copies into a scratch of its own first. All memory is of the query's account. Not here: what a
/// plan means, how an expression is computed.
@NullMarked
package dev.quarry.query.execute;

import org.jspecify.annotations.NullMarked;
