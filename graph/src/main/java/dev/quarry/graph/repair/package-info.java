/// Saves what is left of a damaged store.
///
/// The damaged file is read and never written. [Repair] opens its newest state that can be read,
/// finds the damaged pages ([Damage]), and writes every record that the others hold to a new store:
/// nodes first ([NodeSalvage]), then relationships ([RelationshipSalvage]), then the schema.
/// [Losses] says what is missing. Ids stay what they were. Not here: finding damage in a store that
/// works, which is `graph.check`.
@NullMarked
package dev.quarry.graph.repair;

import org.jspecify.annotations.NullMarked;
