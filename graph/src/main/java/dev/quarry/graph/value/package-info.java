/// Values that can be stored: their tags, their widths, their bytes.
///
/// A *tag* says what kind a value is and never changes its meaning. In a column of its own kind a
/// value takes the width of that kind; everywhere else (in the log, in a column of another kind, in
/// a list) it is *encoded*: a tag and its bytes. Not here: where columns lie.
@NullMarked
package dev.quarry.graph.value;

import org.jspecify.annotations.NullMarked;
