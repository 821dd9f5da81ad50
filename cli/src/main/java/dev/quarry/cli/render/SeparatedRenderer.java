package dev.quarry.cli.render;

import dev.quarry.Rows;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// CSV after RFC 4180, and the same with tabs: a header line, then a line per row.
///
/// Null is an empty cell, the empty string `""`; nodes, lists and maps are their JSON in one cell.
final class SeparatedRenderer implements Renderer {
  private final Appendable out;
  private final char separator;

  SeparatedRenderer(Appendable out, char separator) {
    this.out = out;
    this.separator = separator;
  }

  @Override
  public long render(Rows rows) throws IOException {
    List<String> columns = rows.columns();
    if (columns.isEmpty()) {
      return 0;
    }
    for (int column = 0; column < columns.size(); column++) {
      separate(column);
      cell(columns.get(column));
    }
    out.append('\n');
    long count = 0;
    while (rows.next()) {
      for (int column = 0; column < columns.size(); column++) {
        separate(column);
        value(rows.get(column));
      }
      out.append('\n');
      count++;
    }
    return count;
  }

  private void separate(int column) throws IOException {
    if (column > 0) {
      out.append(separator);
    }
  }

  private void value(@Nullable Object value) throws IOException {
    if (value != null) {
      cell(CellText.of(value));
    }
  }

  private void cell(String text) throws IOException {
    if (!text.isEmpty() && !needsQuotes(text)) {
      out.append(text);
      return;
    }
    out.append('"').append(text.replace("\"", "\"\"")).append('"');
  }

  private boolean needsQuotes(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == separator || c == '"' || c == '\n' || c == '\r') {
        return true;
      }
    }
    return false;
  }
}
