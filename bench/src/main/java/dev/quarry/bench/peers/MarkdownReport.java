package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Cell;
import dev.quarry.bench.peers.Results.Row;
import java.util.List;

/// A run as Markdown: losses first, then who is how far behind, then every figure.
final class MarkdownReport {
  private final RunFacts facts;
  private final Results results;
  private final StringBuilder text = new StringBuilder();

  private MarkdownReport(RunFacts facts, Results results) {
    this.facts = facts;
    this.results = results;
  }

  static String of(RunFacts facts, Results results) {
    return new MarkdownReport(facts, results).written();
  }

  private String written() {
    line("# Quarry and its peers, " + facts.date());
    line("");
    losses();
    gates();
    failures();
    ratios();
    figures();
    contestants();
    return text.toString();
  }

  private void losses() {
    line("## Where Quarry loses");
    line("");
    List<Ranking> losses = Ranking.losses(results, facts.databases(results.contestants(), true));
    List<Ranking> behind = Ranking.losses(results, facts.databases(results.contestants(), false));
    List<Row> missing = Ranking.missing(results);
    if (losses.isEmpty() && behind.isEmpty() && missing.isEmpty()) {
      line("Nowhere in this run.");
    }
    table(losses, "Their figure by ours in the same round: the median, and the spread.");
    table(behind, "Ahead as well, but no databases: they hold a graph that cannot change.");
    if (!missing.isEmpty()) {
      for (Row row : missing) {
        String reason = results.cell(row, Contestant.QUARRY).reason();
        line("- %s: no figure of Quarry, %s".formatted(row.title(), reason == null ? "" : reason));
      }
    }
    line("");
  }

  private void table(List<Ranking> losses, String heading) {
    if (losses.isEmpty()) {
      return;
    }
    line(heading);
    line("");
    line("| what | who is ahead | theirs / ours | spread | in every round | why |");
    line("|---|---|--:|--:|---|---|");
    for (Ranking loss : losses) {
      line(
          "| %s | %s | **%s** | %s – %s | %s | %s |"
              .formatted(
                  loss.row().title(),
                  loss.contestant(),
                  Figures.ratio(loss.ratio().median()),
                  Figures.ratio(loss.ratio().least()),
                  Figures.ratio(loss.ratio().greatest()),
                  loss.certain() ? "yes" : "no",
                  Reasons.of(loss.row(), loss.contestant())));
    }
    line("");
  }

  private void gates() {
    List<Gates> gates = Gates.of(results, facts.databases(results.contestants(), true));
    if (gates.isEmpty()) {
      return;
    }
    line("## Against the fastest other database");
    line("");
    line(Gates.summary(gates));
    line("");
    line("| what | fastest other | theirs / ours | spread | %.0f × |".formatted(Gates.TIMES));
    line("|---|---|--:|--:|---|");
    for (Gates gate : gates) {
      line(
          "| %s | %s | **%s** | %s – %s | %s |"
              .formatted(
                  gate.row().title(),
                  gate.fastest(),
                  Figures.ratio(gate.ratio().median()),
                  Figures.ratio(gate.ratio().least()),
                  Figures.ratio(gate.ratio().greatest()),
                  gate.holds() ? "yes" : "no"));
    }
    line("");
  }

  private void failures() {
    List<String> failures = results.failures();
    if (!failures.isEmpty() || !facts.absent().isEmpty()) {
      line("## What failed, and who could not take part");
      line("");
      facts.absent().forEach(reason -> line("- " + flat(reason)));
      failures.forEach(failure -> line("- " + flat(failure)));
      line("");
    }
  }

  private void ratios() {
    line("## Theirs / ours");
    line("");
    line(
        "Medians of ratios of the same round; above 1 Quarry takes less. –: there is no way to do it.");
    line("");
    List<String> peers =
        results.contestants().stream().filter(name -> !name.equals(Contestant.QUARRY)).toList();
    line("| what | quarry | " + String.join(" | ", peers) + " |");
    line("|---|--:|" + "--:|".repeat(peers.size()));
    for (Row row : results.rows()) {
      StringBuilder cells = new StringBuilder();
      peers.forEach(name -> cells.append(' ').append(ratio(row, name)).append(" |"));
      line("| %s | %s |%s".formatted(row.title(), median(row, Contestant.QUARRY), cells));
    }
    line("");
  }

  private String ratio(Row row, String name) {
    Spread ratio = Ranking.ratio(results, row, name);
    if (ratio != null) {
      return (ratio.median() < 1 ? "**%s**" : "%s").formatted(Figures.ratio(ratio.median()));
    }
    Cell cell = results.cell(row, name);
    return cell.failed() ? "failed" : cell.figures().isEmpty() ? "–" : median(row, name);
  }

  private String median(Row row, String name) {
    Cell cell = results.cell(row, name);
    Spread spread = Spread.of(cell.figures().values());
    return spread == null
        ? cell.failed() ? "failed" : "–"
        : Figures.text(spread.median(), row.unit());
  }

  private void figures() {
    line("## Figures");
    line("");
    line("| what | per | who | median | least – most | theirs / ours | spread | rounds |");
    line("|---|---|---|--:|--:|--:|--:|--:|");
    for (Row row : results.rows()) {
      for (String name : results.contestants()) {
        Spread spread = Spread.of(results.cell(row, name).figures().values());
        if (spread != null) {
          line(
              "| %s | %s | %s | %s | %s – %s | %s | %d |"
                  .formatted(
                      row.title(),
                      row.per(),
                      name,
                      Figures.text(spread.median(), row.unit()),
                      Figures.text(spread.least(), row.unit()),
                      Figures.text(spread.greatest(), row.unit()),
                      ratioAndSpread(row, name),
                      spread.count()));
        }
      }
    }
    line("");
  }

  private String ratioAndSpread(Row row, String name) {
    Spread ratio = name.equals(Contestant.QUARRY) ? null : Ranking.ratio(results, row, name);
    return ratio == null
        ? " | "
        : "**%s** | %s – %s"
            .formatted(
                Figures.ratio(ratio.median()),
                Figures.ratio(ratio.least()),
                Figures.ratio(ratio.greatest()));
  }

  private void contestants() {
    line("## Machine, data, who took part");
    line("");
    line("```");
    line(facts.command());
    line("```");
    line("");
    facts.machine().forEach(fact -> line("- " + fact));
    line("- " + facts.data());
    line("- " + facts.method());
    line("");
    line("| who | version | configuration | process |");
    line("|---|---|---|---|");
    for (String name : results.contestants()) {
      var about = facts.about().get(name);
      line(
          "| %s | %s | %s | `%s` |"
              .formatted(
                  name,
                  about == null ? "" : about.version(),
                  about == null ? "" : flat(about.configuration()),
                  facts.commands().getOrDefault(name, "")));
    }
  }

  private static String flat(String text) {
    return Plain.text(text).replace("|", "\\|").replace("<", "&lt;");
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
