package dev.quarry.cli.render;

import dev.quarry.Rows;
import java.io.IOException;
import java.util.List;

/// JSON: one object per row and line (`jsonl`), or one array of such objects per statement
/// (`json`).
final class JsonRenderer implements Renderer {
  private final Appendable out;
  private final boolean array;

  JsonRenderer(Appendable out, boolean array) {
    this.out = out;
    this.array = array;
  }

  @Override
  public long render(Rows rows) throws IOException {
    List<String> columns = rows.columns();
    long count = 0;
    if (array) {
      out.append('[');
    }
    while (rows.next()) {
      if (array) {
        out.append(count == 0 ? "\n  " : ",\n  ");
      }
      object(rows, columns);
      if (!array) {
        out.append('\n');
      }
      count++;
    }
    if (array) {
      out.append(count == 0 ? "]\n" : "\n]\n");
    }
    return count;
  }

  private void object(Rows rows, List<String> columns) throws IOException {
    out.append('{');
    for (int column = 0; column < columns.size(); column++) {
      if (column > 0) {
        out.append(',');
      }
      out.append(JsonText.of(columns.get(column))).append(':');
      out.append(JsonText.of(rows.get(column)));
    }
    out.append('}');
  }
}
