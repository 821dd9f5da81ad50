package dev.quarry.cli.render;

import dev.quarry.Rows;
import java.io.IOException;

/// Writes the result of one statement in one mode.
///
/// Threads: one.
public interface Renderer {
  /// Writes all rows that are left, then flushes.
  ///
  /// @return how many rows were written
  /// @throws IOException if the output is gone, as when a pipe was closed
  long render(Rows rows) throws IOException;

  /// The renderer of a mode.
  ///
  /// @param out where the text goes, in UTF-8
  /// @param width columns of the terminal; 0 when there is none and nothing may be cut
  static Renderer of(Mode mode, Appendable out, int width) {
    return switch (mode) {
      case BOX -> new BoxRenderer(out, width);
      case CSV -> new SeparatedRenderer(out, ',');
      case TSV -> new SeparatedRenderer(out, '\t');
      case JSON -> new JsonRenderer(out, true);
      case JSONL -> new JsonRenderer(out, false);
    };
  }
}
