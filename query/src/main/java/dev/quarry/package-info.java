/// Quarry's front door: what a result is, and how a query is limited.
///
/// [Rows] are borrowed and move forward, a [Row] is owned. These are the contracts of the facade;
/// the engine that answers through them is not part of this state of the code. What lies behind
/// this package is not part of the API.
@NullMarked
package dev.quarry;

import org.jspecify.annotations.NullMarked;
