/// The contracts of a graph: how to read it, how to write it, handles to its records, and values.
///
/// The problem: an application keeps what it found (a node, a person's copy) longer than the
/// transaction that found it, while the graph goes on changing and takes its memory back. Three
/// words: a *handle* ([Node], [Relationship]) names a record and holds no data, so it may be kept
/// for ever and is checked at every use; a *cursor* is borrowed and shows one record after the
/// other without allocating; a *value* ([NodeValue], [Point], …) is owned, a plain immutable Java
/// object.
///
/// What is not here: how any of it is stored, and query text. This package imports no other part of
/// Quarry but its errors.
@NullMarked
package dev.quarry.graph;

import org.jspecify.annotations.NullMarked;
