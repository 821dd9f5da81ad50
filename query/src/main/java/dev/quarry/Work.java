package dev.quarry;

/// What to do within a transaction, with a result.
///
/// @param <X> the kind of transaction
/// @param <T> the result
/// @param <E> the checked exception that the work may throw; it rolls a write back
@FunctionalInterface
public interface Work<X, T, E extends Exception> {
  /// Does the work. The transaction ends when this method does.
  T with(X transaction) throws E;
}
