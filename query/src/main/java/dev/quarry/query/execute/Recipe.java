package dev.quarry.query.execute;

/// How an operator of a plan and all those below it are made: which slots each of them carries is
/// found once, and a run only makes what has state. Immutable; any thread may use it.
@FunctionalInterface
interface Recipe {
  /// Makes the operators anew.
  Operator make(Making making);
}
