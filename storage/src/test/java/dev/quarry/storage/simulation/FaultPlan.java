package dev.quarry.storage.simulation;

/// Which operation of a [SimDisk] goes wrong, and how.
///
/// A fault has its own kinds of operation, and counts only those: the third fault of a barrier hits
/// the third barrier. *Sticky*: all of them from then on.
///
/// @param at the number of the operation, from 0
/// @param sticky whether all later ones fail as well
public record FaultPlan(Fault fault, long at, boolean sticky) {
  /// What goes wrong.
  public enum Fault {
    /// An error, and nothing was done.
    EIO,
    /// No space, and nothing was done.
    DISK_FULL,
    /// A part is written, then an error.
    SHORT_WRITE,
    /// A part is written, then there is no space.
    SHORT_FULL,
    /// A barrier fails; what it should have covered may be durable or not.
    FORCE_FAILS,
    /// A barrier fails, and what it should have covered never becomes durable, though it is read
    /// back until the power goes.
    FORCE_DROPS,
    /// A barrier says that it succeeded, and what it should have covered never becomes durable.
    FORCE_LIES,
    /// The thread is interrupted in the middle; the operation is done nevertheless.
    INTERRUPT;

    boolean hits(Operation operation) {
      return switch (this) {
        case EIO, INTERRUPT -> true;
        case DISK_FULL ->
            operation == Operation.WRITE
                || operation == Operation.TRUNCATE
                || operation == Operation.CREATE
                || operation == Operation.RENAME;
        case SHORT_WRITE, SHORT_FULL -> operation == Operation.WRITE;
        case FORCE_FAILS, FORCE_DROPS, FORCE_LIES ->
            operation == Operation.FORCE || operation == Operation.FORCE_NAMES;
      };
    }
  }

  /// What a disk does.
  enum Operation {
    CREATE,
    OPEN,
    READ,
    WRITE,
    TRUNCATE,
    MAP,
    FORCE,
    RENAME,
    DELETE,
    FORCE_NAMES,
    LIST
  }

  @Override
  public String toString() {
    return fault + "@" + at + (sticky ? "+" : "");
  }

  /// Reads what [#toString()] wrote.
  public static FaultPlan parse(String text) {
    int at = text.indexOf('@');
    boolean sticky = text.endsWith("+");
    String number = text.substring(at + 1, text.length() - (sticky ? 1 : 0));
    return new FaultPlan(Fault.valueOf(text.substring(0, at)), Long.parseLong(number), sticky);
  }
}
