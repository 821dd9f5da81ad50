/// Every error that Quarry raises: one sealed family, one code each.
///
/// Three words: an *error* is a [QuarryException]; its *code* is one of [ErrorCode], which is never
/// renamed; a *span* is the place in a statement that it speaks of. The type says what a caller can
/// do (try again, mend the statement, mend the surroundings, restore), the code says what happened.
/// This package imports nothing, so any package may throw from it.
@NullMarked
package dev.quarry.error;

import org.jspecify.annotations.NullMarked;
