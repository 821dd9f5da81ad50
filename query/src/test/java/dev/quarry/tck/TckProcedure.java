package dev.quarry.tck;

import dev.quarry.Procedure;
import dev.quarry.ProcedureSignature;
import dev.quarry.Quarry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A procedure that the TCK declares: a table of what it gives for which arguments.
final class TckProcedure {
  private TckProcedure() {}

  /// @param table a line of names, inputs first, and lines of values
  static void register(Quarry db, String signature, List<List<String>> table) {
    ProcedureSignature parsed = ProcedureSignature.parse(signature);
    int inputs = parsed.inputs().size();
    List<List<@Nullable Object>> rows =
        table.stream().skip(1).map(line -> line.stream().map(TckText::parameter).toList()).toList();
    db.register(
        Procedure.of(
            parsed,
            (context, arguments) ->
                rows.stream()
                    .filter(row -> row.subList(0, inputs).equals(arguments))
                    .map(row -> row.subList(inputs, row.size()))));
  }
}
