/// Values inside the engine: cells of 16 bytes in native memory, and the four relations on them.
///
/// A *cell* is a head (tag and size) and a body (the value, or the address of its bytes in a
/// scratch). No value lies on the Java heap beyond the row that is computed; at the border cells
/// become Java objects. A *vector* is a column of a batch, of one type or of cells. Rules S13 and
/// S14.
@NullMarked
package dev.quarry.query.value;

import org.jspecify.annotations.NullMarked;
