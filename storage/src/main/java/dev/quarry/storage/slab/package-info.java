/// Pages cut into equal slots of one size class, and lists that live in them.
///
/// A *slab space set* ([SlabSpaces]) holds slots of many size classes: small ones in pages of 4
/// KiB, larger ones in pages of 16 KiB, and a descriptor per page that says which slots are taken.
/// A *list* ([Lists]) belongs to a numbered slot of an arena: its directory entry holds it inline,
/// or refers to a *block* (one slab slot) or a *hub* (a B+tree). Lists that hardly change lie in a
/// *run* ([Runs]), one behind the other, or in a *packed run* ([Packed]).
///
/// A slot that was freed is not given out again before its transaction commits: who reads an older
/// list in the same transaction still finds it. One that the transaction itself has taken is, if
/// its owner says that nobody reads it any more. Not here: what the entries of a list mean.
@NullMarked
package dev.quarry.storage.slab;

import org.jspecify.annotations.NullMarked;
