/// The verifier: whether a graph is what its parts say of each other.
///
/// One verifier for tests, for `Admin.check` and for `quarry check`. It repairs nothing.
@NullMarked
package dev.quarry.graph.check;

import org.jspecify.annotations.NullMarked;
