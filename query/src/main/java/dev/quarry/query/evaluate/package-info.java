/// Expressions at run time: a tree of evaluators, each of which leaves its value in itself.
///
/// An [Evaluator] is asked for one row of a batch; strings, lists and other values with bytes go to
/// the scratch of the operator that asks, and die with its batch. Common expressions also have a
/// form for whole vectors, which declines where a row might raise an error. Not here: which rows
/// there are.
@NullMarked
package dev.quarry.query.evaluate;

import org.jspecify.annotations.NullMarked;
