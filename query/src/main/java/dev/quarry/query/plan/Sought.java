package dev.quarry.query.plan;

import org.jspecify.annotations.Nullable;

/// What is asked of one key of an index. The values depend on what is bound before.
public sealed interface Sought {
  /// Equal to a value.
  record Equal(Bound value) implements Sought {}

  /// Equal to some element of a list.
  record OneOf(Bound list) implements Sought {}

  /// Between bounds, of which at least one is there.
  record Range(@Nullable Bound from, boolean fromIncluded, @Nullable Bound to, boolean toIncluded)
      implements Sought {}

  /// A string that begins with a text.
  record Prefix(Bound text) implements Sought {}
}
