package dev.quarry.cli;

import dev.quarry.cli.render.Mode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// The output mode of a command.
final class Modes {
  private Modes() {}

  /// @param name null for the default: box on a terminal, else csv
  static Mode of(@Nullable String name, Terminal terminal, @Nullable CommandSpec spec) {
    if (name == null) {
      return terminal.isOutputTerminal() ? Mode.BOX : Mode.CSV;
    }
    Mode mode = find(name);
    if (mode == null) {
      throw new ParameterException(
          java.util.Objects.requireNonNull(spec).commandLine(),
          "there is no mode `" + name + "`; there are box, csv, tsv, json and jsonl");
    }
    return mode;
  }

  static @Nullable Mode find(String name) {
    for (Mode mode : Mode.values()) {
      if (mode.toString().equals(name.toLowerCase(Locale.ROOT))) {
        return mode;
      }
    }
    return null;
  }
}
