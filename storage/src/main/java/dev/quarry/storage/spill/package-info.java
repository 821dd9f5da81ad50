/// Files for what memory has no room for while one piece of work runs.
///
/// A *spill file* belongs to one query and is worth nothing without it: no barrier, no checksum, no
/// recovery. A *spill folder* belongs to one open store; it makes the files, keeps the account of
/// their bytes, and takes away what a process that was killed has left. Not here: what the bytes
/// mean, and when to spill.
@NullMarked
package dev.quarry.storage.spill;

import org.jspecify.annotations.NullMarked;
