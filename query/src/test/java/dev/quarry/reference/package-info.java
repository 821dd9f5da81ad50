/// A second, naive implementation of statements, to check the real one by comparison.
///
/// [ReferenceInterpreter] runs a parsed statement over a [ReferenceGraph] of plain maps, row by row
/// and clause by clause, as the rules of the semantics are written. It shares the parser with the
/// engine and nothing else: no plan, no batch, no cell. Entities are [ReferenceNode] and
/// [ReferenceRelationship]; all other values are plain Java.
///
/// [RandomGraph] and [RandomStatement] make graphs and statements from a seed, [CanonicalText]
/// makes the answers of both sides comparable, and `ReferenceTest` compares them. That the
/// reference itself is right is checked by `ReferenceInterpreterTest` and, over the whole TCK, by
/// `ReferenceTckTest`.
///
/// Not here: errors that are found before a statement runs (the reference knows the grammar, not
/// the scopes), temporal functions, procedures, LOAD CSV, shortest paths.
@NullMarked
package dev.quarry.reference;

import org.jspecify.annotations.NullMarked;
