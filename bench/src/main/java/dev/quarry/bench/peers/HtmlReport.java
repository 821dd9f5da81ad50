package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Cell;
import dev.quarry.bench.peers.Results.Row;
import java.util.List;

/// A run as one page that needs nothing else: losses first, a plot with the spread for each
/// measure, then who took part on which machine.
final class HtmlReport {
  private static final String STYLE =
      """
      body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
      h1,h2,h3{line-height:1.2} h3{margin:1.6rem 0 .2rem;font-size:1rem}
      table{border-collapse:collapse;margin:.6rem 0} td,th{padding:.2rem .7rem;border-bottom:1px solid #ddd;text-align:left;vertical-align:top}
      td.n{text-align:right;font-variant-numeric:tabular-nums} .note{color:#666}
      code{font-size:.85em;word-break:break-word} svg text{font:12px system-ui,sans-serif;fill:#222}
      @media(prefers-color-scheme:dark){body{background:#181818;color:#ddd} svg text{fill:#ddd} td,th{border-color:#444} .note{color:#999}}
      """;

  private final RunFacts facts;
  private final Results results;
  private final StringBuilder page = new StringBuilder();

  private HtmlReport(RunFacts facts, Results results) {
    this.facts = facts;
    this.results = results;
  }

  static String of(RunFacts facts, Results results) {
    return new HtmlReport(facts, results).written();
  }

  private String written() {
    line("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    line("<meta name=\"viewport\" content=\"width=device-width\">");
    line("<title>Quarry and its peers, " + facts.date() + "</title>");
    line("<style>" + STYLE + "</style></head><body>");
    line("<h1>Quarry and its peers, " + facts.date() + "</h1>");
    losses();
    gates();
    failures();
    line("<h2>Figures</h2>");
    line(
        "<p class=\"note\">Bars end at the median, on a scale of powers of ten; the line is the"
            + " spread. The ratio is theirs by Quarry's in the same round: below 1 they are"
            + " ahead.</p>");
    results.rows().forEach(this::measure);
    machine();
    line("</body></html>");
    return page.toString();
  }

  private void losses() {
    line("<h2>Where Quarry loses</h2>");
    List<Ranking> losses = Ranking.losses(results, facts.databases(results.contestants(), true));
    List<Ranking> behind = Ranking.losses(results, facts.databases(results.contestants(), false));
    if (losses.isEmpty() && behind.isEmpty()) {
      line("<p>Nowhere in this run.</p>");
    }
    table(losses);
    if (!behind.isEmpty()) {
      line("<p>Ahead as well, but no databases: they hold a graph that cannot change.</p>");
      table(behind);
    }
    for (Row row : Ranking.missing(results)) {
      String reason = results.cell(row, Contestant.QUARRY).reason();
      line(
          "<p>"
              + row.title()
              + ": no figure of Quarry, "
              + text(reason == null ? "" : reason)
              + "</p>");
    }
  }

  private void table(List<Ranking> losses) {
    if (losses.isEmpty()) {
      return;
    }
    line(
        "<table><tr><th>what<th>who is ahead<th>theirs / ours<th>spread<th>in every round<th>why</tr>");
    for (Ranking loss : losses) {
      line(
          "<tr><td>%s<td>%s<td class=\"n\"><b>%s</b><td class=\"n\">%s – %s<td>%s<td>%s</tr>"
              .formatted(
                  text(loss.row().title()),
                  text(loss.contestant()),
                  Figures.ratio(loss.ratio().median()),
                  Figures.ratio(loss.ratio().least()),
                  Figures.ratio(loss.ratio().greatest()),
                  loss.certain() ? "yes" : "no",
                  text(Reasons.of(loss.row(), loss.contestant()))));
    }
    line("</table>");
  }

  private void gates() {
    List<Gates> gates = Gates.of(results, facts.databases(results.contestants(), true));
    if (gates.isEmpty()) {
      return;
    }
    line("<h2>Against the fastest other database</h2><p>" + text(Gates.summary(gates)) + "</p>");
    line(
        "<table><tr><th>what<th>fastest other<th>theirs / ours<th>spread<th>%.0f ×</tr>"
            .formatted(Gates.TIMES));
    for (Gates gate : gates) {
      line(
          "<tr><td>%s<td>%s<td class=\"n\"><b>%s</b><td class=\"n\">%s – %s<td>%s</tr>"
              .formatted(
                  text(gate.row().title()),
                  text(gate.fastest()),
                  Figures.ratio(gate.ratio().median()),
                  Figures.ratio(gate.ratio().least()),
                  Figures.ratio(gate.ratio().greatest()),
                  gate.holds() ? "yes" : "no"));
    }
    line("</table>");
  }

  private void failures() {
    if (facts.absent().isEmpty() && results.failures().isEmpty()) {
      return;
    }
    line("<h2>What failed, and who could not take part</h2><ul>");
    facts.absent().forEach(reason -> line("<li>" + text(reason)));
    results.failures().forEach(failure -> line("<li>" + text(failure)));
    line("</ul>");
  }

  private void measure(Row row) {
    line(
        "<h3>"
            + text(row.title())
            + " <span class=\"note\">per "
            + text(row.per())
            + "</span></h3>");
    BarPlot plot = new BarPlot(row.unit());
    for (String name : results.contestants()) {
      Cell cell = results.cell(row, name);
      Spread spread = Spread.of(cell.figures().values());
      if (spread != null) {
        Spread ratio = name.equals(Contestant.QUARRY) ? null : Ranking.ratio(results, row, name);
        plot.bar(name, spread, ratio);
      } else if (cell.failed()) {
        plot.gap(name, "failed");
      }
    }
    line(plot.svg());
  }

  private void machine() {
    line("<h2>Machine, data, who took part</h2>");
    line("<p><code>" + text(facts.command()) + "</code></p><ul>");
    facts.machine().forEach(fact -> line("<li>" + text(fact)));
    line("<li>" + text(facts.data()) + "<li>" + text(facts.method()) + "</ul>");
    line("<table><tr><th>who<th>version<th>configuration<th>process</tr>");
    for (String name : results.contestants()) {
      var about = facts.about().get(name);
      line(
          "<tr><td>%s<td>%s<td>%s<td><code>%s</code></tr>"
              .formatted(
                  text(name),
                  about == null ? "" : text(about.version()),
                  about == null ? "" : text(about.configuration()),
                  escaped(facts.commands().getOrDefault(name, ""))));
    }
    line("</table>");
  }

  private static String text(String text) {
    return escaped(Plain.text(text));
  }

  static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  private void line(String line) {
    page.append(line).append('\n');
  }
}
