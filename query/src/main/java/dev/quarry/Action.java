package dev.quarry;

/// What to do within a transaction, without a result.
///
/// @param <X> the kind of transaction
/// @param <E> the checked exception that the action may throw; it rolls a write back
@FunctionalInterface
public interface Action<X, E extends Exception> {
  /// Does the work. The transaction ends when this method does.
  void with(X transaction) throws E;
}
