package dev.quarry.tck;

import dev.quarry.Quarry;
import java.util.List;

/// A procedure that the TCK declares: a table of what it gives for which arguments.
final class TckProcedure {
  private TckProcedure() {}

  static void register(Quarry db, String signature, List<List<String>> table) {
    throw new UnsupportedOperationException("procedures: " + signature + table + db);
  }
}
