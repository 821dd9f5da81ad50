package dev.quarry.graph.statistics;

import org.jspecify.annotations.Nullable;

/// What was found of one property of the records of an arena.
///
/// @param key token of the property
/// @param present how many records have it
/// @param distinct how many different values they have
/// @param least of the values that can be compared with the first one that was met; a text is cut
///   after [ColumnSketch#TEXT_BYTES] bytes; null if no value can be compared
/// @param greatest the same
public record ColumnEstimate(
    int key, long present, long distinct, @Nullable Object least, @Nullable Object greatest) {}
