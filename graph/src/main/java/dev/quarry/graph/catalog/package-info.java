/// What a graph consists of: names, arenas, columns, lists, and where their spaces are.
///
/// A [Catalog] is one immutable state, attached to a version of the store; a [CatalogBuilder] is
/// the writer's copy. A *token* is the number of a name. Every set of labels that nodes were
/// created with has an *arena*; every relationship type has an *edge arena* for those with
/// properties. Indexes and constraints are only defined here. Exact counts lie in a space of their
/// own and are only numbered here. Not here: the records themselves.
@NullMarked
package dev.quarry.graph.catalog;

import org.jspecify.annotations.NullMarked;
