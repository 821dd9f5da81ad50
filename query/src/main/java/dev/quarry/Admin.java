package dev.quarry;

import dev.quarry.graph.Progress;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/// Looking after an open store.
public interface Admin {
  /// Verifies all of the newest commit: checksums of pages, each read from the file once more, and
  /// that every place of the file is owned once; records; both directions of every relationship;
  /// lists, counters, indexes, constraints, and who owns which slab slot. Repairs nothing, and goes
  /// on after a finding. Writers and readers go on meanwhile.
  ///
  /// A damaged meta block of a closed store is written again when it is opened for writing; the
  /// report and [#warnings()] tell it nevertheless.
  ///
  /// @throws dev.quarry.error.StoreOpenException if the store is open for reading only, and another
  ///   process has written to it meanwhile
  CheckReport check(Progress progress);

  /// The same, and tells nobody how far it is.
  default CheckReport check() {
    return check(Progress.NONE);
  }

  /// A hash of the graph of the newest commit as such: the same for every copy of it, whatever its
  /// ids, the order in which it was made, and where its pages lie. Needs 16 bytes a node, in memory
  /// or in spill files. See [StoreHash] for what it can tell apart.
  ///
  /// @throws dev.quarry.error.CorruptPageException if a page that it reads is damaged
  /// @throws dev.quarry.error.StoreOpenException if the store is open for reading only, and another
  ///   process has written to it meanwhile
  StoreHash hash(Progress progress);

  /// The same, and tells nobody how far it is.
  default StoreHash hash() {
    return hash(Progress.NONE);
  }

  /// Writes the newest commit to a new store, while writers and readers go on; durable on return.
  /// The copy has the same graph, ids and schema, no room that is unused, and an identity of its
  /// own: no log of this store fits it. Every page is verified while it is copied. If anything
  /// fails, also if the progress throws, nothing is left. Also of a store in memory.
  ///
  /// @param target the file to make
  /// @return the number of the commit that was copied
  /// @throws dev.quarry.error.StoreOpenException if there is something at the target already
  /// @throws dev.quarry.error.CorruptPageException if a page is damaged
  long backup(Path target, Progress progress);

  /// The same, and tells nobody how far it is.
  default long backup(Path target) {
    return backup(target, Progress.NONE);
  }

  /// Gives back the room that deletions and growth have left: lists and long values move out of
  /// sparse pages until those of each size are 85 % full, or cannot be fewer, then pages move from
  /// the end of the file into holes, and the file is cut. Strings that repeat are kept once for up
  /// to 65,536 nodes in a row; releases that know nothing of that do not open the store any more.
  /// Nothing that anyone can ask for changes.
  ///
  /// Writers and readers go on meanwhile: it works in steps of about a millisecond, each of which
  /// waits for the writer like a transaction, and readers notice nothing. What an old reader may
  /// look at keeps its place until that is closed. It is not for the thread that has a write
  /// transaction open.
  ///
  /// @param options what else it does
  /// @param until asked between two steps whether to end; what was done until then stays. The same
  ///   goes for what it or the progress throws
  /// @throws dev.quarry.error.StoreException if the store is read-only or cannot be written, or if
  ///   a page is damaged
  CompactReport compact(CompactOptions options, BooleanSupplier until, Progress progress);

  /// The same, with the usual options.
  default CompactReport compact(BooleanSupplier until, Progress progress) {
    return compact(CompactOptions.defaults(), until, progress);
  }

  /// The same, to its end, and tells nobody how far it is.
  default CompactReport compact(CompactOptions options) {
    return compact(options, () -> false, Progress.NONE);
  }

  /// The same, with the usual options.
  default CompactReport compact() {
    return compact(CompactOptions.defaults());
  }

  /// What the store holds and uses right now.
  ///
  /// @throws dev.quarry.error.StoreOpenException if the store is open for reading only, and another
  ///   process has written to it since it was opened
  StoreStats stats();

  /// What whoever looks after the store should know of its opening, in sentences; mostly empty. A
  /// damaged meta block of a closed store, which was written again from the other one, is told here
  /// until the store is closed: nothing is lost, but a disk that damages one block may damage more.
  /// One that a crash has torn is no damage and is not told.
  List<String> warnings();

  /// The names of labels, types and keys as of the newest commit, without counting anything.
  StoreNames names();

  /// Writes what is only in the log to the file, so that the log is no longer needed.
  void checkpoint();
}
