package dev.quarry.storage.simulation;

import java.util.BitSet;
import java.util.stream.Collectors;

/// What a crash makes of the pending units: which it loses, and which one it tears.
///
/// As text, `3,7-9~12` loses the units 3, 7, 8 and 9 and tears 12; `-` loses none.
///
/// @param lost numbers of units
/// @param torn a sector that holds garbage; -1 for none
public record Selection(BitSet lost, int torn) {
  /// Everything survives.
  public static Selection none() {
    return new Selection(new BitSet(), -1);
  }

  static Selection of(BitSet lost) {
    return new Selection(lost, -1);
  }

  /// Reads what [#toString()] wrote.
  public static Selection parse(String text) {
    int tilde = text.indexOf('~');
    String list = tilde < 0 ? text : text.substring(0, tilde);
    BitSet lost = new BitSet();
    if (!list.equals("-")) {
      for (String run : list.split(",")) {
        String[] ends = run.split("-");
        lost.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
      }
    }
    return new Selection(lost, tilde < 0 ? -1 : Integer.parseInt(text.substring(tilde + 1)));
  }

  @Override
  public String toString() {
    StringBuilder runs = new StringBuilder();
    for (int from = lost.nextSetBit(0); from >= 0; ) {
      int end = lost.nextClearBit(from);
      runs.append(runs.isEmpty() ? "" : ",").append(from);
      runs.append(end - from > 1 ? "-" + (end - 1) : "");
      from = lost.nextSetBit(end);
    }
    return (runs.isEmpty() ? "-" : runs) + (torn < 0 ? "" : "~" + torn);
  }

  /// The units by name, for messages.
  public String describe(CrashPoint point) {
    String what =
        lost.stream()
            .limit(20)
            .filter(unit -> unit < point.units().size())
            .mapToObj(unit -> point.units().get(unit).toString())
            .collect(Collectors.joining(", "));
    String more = lost.cardinality() > 20 ? " and " + (lost.cardinality() - 20) + " more" : "";
    String tear = torn < 0 ? "" : "; torn: " + point.units().get(torn);
    return "lost: " + (what.isEmpty() ? "nothing" : what) + more + tear;
  }
}
