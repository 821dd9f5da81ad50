package dev.quarry.cli.render;

import dev.quarry.Rows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A table drawn with lines, for people.
///
/// ```text
/// ┌──────┬───────┐
/// │ code │ city  │
/// ├──────┼───────┤
/// │ LHR  │ London│
/// └──────┴───────┘
/// 1 row
/// ```
///
/// The first [#SAMPLE] rows decide the widths; further rows stream under the same head, with cells
/// cut to their column. Control characters are escaped, so that data never drives the terminal.
final class BoxRenderer implements Renderer {
  private static final int SAMPLE = 1_000;
  private static final int WIDEST = 60;
  private static final int NARROWEST = 4;

  private final Appendable out;
  private final int terminalWidth;

  BoxRenderer(Appendable out, int terminalWidth) {
    this.out = out;
    this.terminalWidth = terminalWidth;
  }

  @Override
  public long render(Rows rows) throws IOException {
    List<String> columns = rows.columns();
    if (columns.isEmpty()) {
      return 0;
    }
    List<Cell[]> sample = new ArrayList<>();
    boolean more = false;
    while (!more && rows.next()) {
      sample.add(cells(rows, columns.size()));
      more = sample.size() == SAMPLE;
    }
    int[] widths = widths(columns, sample);
    line(widths, '┌', '┬', '┐');
    row(columns.stream().map(name -> new Cell(escape(name), false)).toArray(Cell[]::new), widths);
    line(widths, '├', '┼', '┤');
    for (Cell[] cells : sample) {
      row(cells, widths);
    }
    long count = sample.size();
    while (more && rows.next()) {
      row(cells(rows, columns.size()), widths);
      count++;
    }
    line(widths, '└', '┴', '┘');
    out.append(Long.toString(count)).append(count == 1 ? " row\n" : " rows\n");
    return count;
  }

  private record Cell(String text, boolean right) {}

  private static Cell[] cells(Rows rows, int columns) {
    Cell[] cells = new Cell[columns];
    for (int column = 0; column < columns; column++) {
      @Nullable Object value = rows.get(column);
      String text = value == null ? "null" : escape(CellText.of(value));
      cells[column] = new Cell(text, value instanceof Number);
    }
    return cells;
  }

  private int[] widths(List<String> columns, List<Cell[]> sample) {
    int[] widths = new int[columns.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = DisplayWidth.of(escape(columns.get(column)));
      for (Cell[] cells : sample) {
        widths[column] = Math.max(widths[column], DisplayWidth.of(cells[column].text));
      }
    }
    if (terminalWidth > 0) {
      fit(widths, terminalWidth);
    }
    return widths;
  }

  /// Narrows the widest columns, one character at a time, until the table fits.
  private static void fit(int[] widths, int terminalWidth) {
    int total = 1;
    for (int column = 0; column < widths.length; column++) {
      widths[column] = Math.min(widths[column], Math.max(WIDEST, terminalWidth / widths.length));
      total += widths[column] + 3;
    }
    while (total > terminalWidth) {
      int widest = 0;
      for (int column = 1; column < widths.length; column++) {
        widest = widths[column] > widths[widest] ? column : widest;
      }
      if (widths[widest] <= NARROWEST) {
        return;
      }
      widths[widest]--;
      total--;
    }
  }

  private void line(int[] widths, char left, char middle, char right) throws IOException {
    for (int column = 0; column < widths.length; column++) {
      out.append(column == 0 ? left : middle).append("─".repeat(widths[column] + 2));
    }
    out.append(right).append('\n');
  }

  private void row(Cell[] cells, int[] widths) throws IOException {
    for (int column = 0; column < cells.length; column++) {
      String text = DisplayWidth.cut(cells[column].text, widths[column]);
      String padding = " ".repeat(Math.max(0, widths[column] - DisplayWidth.of(text)));
      out.append("│ ");
      out.append(cells[column].right ? padding + text : text + padding).append(' ');
    }
    out.append("│\n");
  }

  private static String escape(String text) {
    StringBuilder escaped = null;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isISOControl(c)) {
        if (escaped != null) {
          escaped.append(c);
        }
        continue;
      }
      if (escaped == null) {
        escaped = new StringBuilder(text.substring(0, i));
      }
      switch (c) {
        case '\n' -> escaped.append("\\n");
        case '\r' -> escaped.append("\\r");
        case '\t' -> escaped.append("\\t");
        default -> escaped.append(String.format("\\u%04x", (int) c));
      }
    }
    return escaped == null ? text : escaped.toString();
  }
}
