/// How results look: one class per output mode, all fed row by row.
///
/// Data goes to stdout only; the shapes are those of the documented contract (docs/cli.md). Nothing
/// here knows a store or an option.
@NullMarked
package dev.quarry.cli.render;

import org.jspecify.annotations.NullMarked;
