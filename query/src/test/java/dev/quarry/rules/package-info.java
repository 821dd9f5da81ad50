/// The specification of statements, rule by rule: each rule S1 to S30 is a nested class here, with
/// its own example and what follows from its text. The classes run with batches of one, of two and
/// of 1,000 rows, as no answer depends on them.
///
/// Not here, because there is no such thing yet: spilled input (S1, S28), constraints that are
/// looked at when a statement ends (S6), CALL { } IN TRANSACTIONS (S8), regions (S30). What random
/// graphs say of S19 to S21 is in `PatternOracleTest`, what plans are kept in `PlanCacheTest`, what
/// happens on a small stack (S25) in the command line's tests.
@NullMarked
package dev.quarry.rules;

import org.jspecify.annotations.NullMarked;
