/// One copy-on-write B+tree, for indexes and for lists that are too long for a block.
///
/// Entries have a fixed width of 4, 8 or 16 bytes and are their own key, in unsigned order; equal
/// ones may occur more than once. Many trees share a space; a tree is named by the page of its
/// root, 0 is the empty tree. Copying is the page layer's business: a changed node keeps its page
/// number, so links between nodes stay valid. The bytes are drawn in [TreePage].
@NullMarked
package dev.quarry.storage.tree;

import org.jspecify.annotations.NullMarked;
