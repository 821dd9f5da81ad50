package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A plot of medians with their spread, one bar for each contestant, as SVG.
///
/// ```text
/// quarry  ████████─┼─            1.20 ms
/// kuzu    ██████████████──┼──    8.10 ms   6.75 ×
///         |100 µs    |1 ms      |10 ms
/// ```
///
/// The scale is logarithmic from a power of ten below the least to one above the greatest figure.
final class BarPlot {
  private static final int NAMES = 96;
  private static final int WIDTH = 460;
  private static final int FIGURES = 190;
  private static final int STEP = 22;

  private record Bar(
      String name, @Nullable Spread spread, @Nullable Spread ratio, String instead) {}

  private final Unit unit;
  private final List<Bar> bars = new ArrayList<>();

  BarPlot(Unit unit) {
    this.unit = unit;
  }

  /// Adds a bar.
  ///
  /// @param ratio theirs by Quarry's; null where there is none
  void bar(String name, Spread spread, @Nullable Spread ratio) {
    bars.add(new Bar(name, spread, ratio, ""));
  }

  /// Adds a line without a bar.
  void gap(String name, String instead) {
    bars.add(new Bar(name, null, null, instead));
  }

  String svg() {
    double least = Double.MAX_VALUE;
    double greatest = 0;
    for (Bar bar : bars) {
      if (bar.spread() != null) {
        least = Math.min(least, bar.spread().least());
        greatest = Math.max(greatest, bar.spread().greatest());
      }
    }
    if (greatest == 0) {
      least = 1;
      greatest = 1;
    }
    int from = (int) Math.floor(Math.log10(Math.max(least, 1e-3)) - 0.2);
    int to = Math.max(from + 1, (int) Math.ceil(Math.log10(greatest)));
    int height = STEP * bars.size() + 20;
    StringBuilder svg = new StringBuilder();
    svg.append(
        "<svg role=\"img\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %1$d %2$d\">"
            .formatted(NAMES + WIDTH + FIGURES, height));
    grid(svg, from, to, height);
    for (int i = 0; i < bars.size(); i++) {
      bar(svg, bars.get(i), i * STEP, from, to);
    }
    return svg.append("</svg>").toString();
  }

  private void grid(StringBuilder svg, int from, int to, int height) {
    for (int power = from; power <= to; power++) {
      double x = x(Math.pow(10, power), from, to);
      svg.append(
          format(
              "<path d=\"M%.1f 0V%d\" stroke=\"#8886\"/><text x=\"%.1f\" y=\"%d\" text-anchor=\"%s\""
                  + " opacity=\".6\">%s</text>",
              x,
              height - 16,
              x,
              height - 3,
              power == to ? "end" : "middle",
              Figures.power(power, unit)));
    }
  }

  private void bar(StringBuilder svg, Bar bar, int y, int from, int to) {
    svg.append(
        format(
            "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
            NAMES - 8, y + 15, HtmlReport.escaped(bar.name())));
    Spread spread = bar.spread();
    if (spread == null) {
      svg.append(format("<text x=\"%d\" y=\"%d\">%s</text>", NAMES + 6, y + 15, bar.instead()));
      return;
    }
    double left = x(spread.least(), from, to);
    double right = x(spread.greatest(), from, to);
    double end = x(spread.median(), from, to);
    svg.append(
        format(
            "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"14\" fill=\"%s\"/>",
            NAMES,
            y + 3,
            end - NAMES,
            bar.name().equals(Contestant.QUARRY) ? "#c2571a" : "#6f8fb3"));
    svg.append(
        format(
            "<path d=\"M%.1f %dH%.1fM%.1f %dv8M%.1f %dv8\" stroke=\"currentColor\" stroke-width=\"1.5\"/>",
            left, y + 10, right, left, y + 6, right, y + 6));
    text(svg, NAMES + WIDTH + 12, y, Figures.text(spread.median(), unit));
    if (bar.ratio() != null) {
      text(svg, NAMES + WIDTH + 100, y, Figures.ratio(bar.ratio().median()));
    }
  }

  private static void text(StringBuilder svg, int x, int y, String text) {
    svg.append(format("<text x=\"%d\" y=\"%d\">%s</text>", x, y + 15, text));
  }

  private static double x(double figure, int from, int to) {
    double part = (Math.log10(Math.max(figure, Math.pow(10, from))) - from) / (to - from);
    return NAMES + WIDTH * part;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
