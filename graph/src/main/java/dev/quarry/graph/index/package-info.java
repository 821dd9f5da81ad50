/// Property indexes: one B+tree each, in a space of its own, over nodes with a label or
/// relationships of a type.
///
/// An [IndexKey] makes two words of the values of a record: one that keeps their *order*, coarsely,
/// and one that is the *hash* of all of them. A [Lookup] says what is wanted and gives *bounds*
/// between which all of it lies, and maybe more; [Condition] looks at the property itself, so
/// answers are exact. Not here: which records belong to an index, and when entries change; that is
/// the business of transactions.
@NullMarked
package dev.quarry.graph.index;

import org.jspecify.annotations.NullMarked;
