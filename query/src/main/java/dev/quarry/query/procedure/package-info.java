/// Procedures and functions that are not part of the language, as the engine sees them.
///
/// A *definition* is a typed signature and what runs; a registry, [Procedures], holds those of one
/// store. Arguments leave the engine as border values and results come back as such; both are
/// compared with the signature ([TypedValues]). Not here: who registers them (`dev.quarry`), how
/// their rows flow (`dev.quarry.query.execute`).
@NullMarked
package dev.quarry.query.procedure;

import org.jspecify.annotations.NullMarked;
