package dev.quarry.storage;

import org.jspecify.annotations.Nullable;

/// A piece of work that reads a store, up to where its result leaves; see [Store#scope].
///
/// Clean pages are read through maps of the file. If something else cuts the file, or its device
/// cannot read it, then reading a page that was there before is a *fault*, which the JVM makes an
/// [InternalError] of, sooner or later. Nobody looks for it at each access. Where a scope ends, it
/// is waited for; it becomes a typed error, and it poisons the store.
///
/// @param <T> the result
/// @param <E> the checked exception that the work may throw
@FunctionalInterface
public interface Scope<T extends @Nullable Object, E extends Exception> {
  /// Does the work.
  T run() throws E;
}
