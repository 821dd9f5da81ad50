/// The seams to the outside: files through [Disk], time through [Clock].
///
/// Everything above asks these two, so that tests can replace them: a simulated disk shows every
/// state that a crash may leave. Files speak `ByteBuffer` and positions; the one exception is
/// [DiskFile#map], whose segment goes straight to `storage.memory`. An interrupt of a caller closes
/// no file for anyone. Not here: what the bytes mean, and when a barrier is due.
@NullMarked
package dev.quarry.storage.io;

import org.jspecify.annotations.NullMarked;
