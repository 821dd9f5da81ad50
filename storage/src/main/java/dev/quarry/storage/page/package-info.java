/// Spaces of copy-on-write pages, with snapshots.
///
/// A *page* is (space, index). A *space* is a run of pages of one size behind a radix tree of
/// 256-entry nodes, its *page table*. A [Version] is a root of such trees and never changes; a
/// [Snapshot] is a pinned version; a [PageTransaction] builds the next one by copying what it
/// changes: pages into *frames*, nodes along the path.
///
/// ```text
/// version 41 ─┐                    version 42 ─┐
///             v                                v
///      spaces: 0 | 1 | 2 | …            spaces' share all that did not change
///              |
///         node[256] ──► frame (dirty), mapped page (clean), or a place in the file (not seen yet)
/// ```
///
/// Life of a page: absent (reads as zeros); copied into a private frame by a transaction;
/// committed, and from then on never changed; written to a place of the file by a checkpoint, its
/// frame retired; verified against its parent's checksum and mapped at the next touch.
///
/// Not here: the log, the file's format, and what pages mean.
@NullMarked
package dev.quarry.storage.page;

import org.jspecify.annotations.NullMarked;
