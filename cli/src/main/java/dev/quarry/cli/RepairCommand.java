package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.RepairReport;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.cli.render.JsonText;
import dev.quarry.cli.render.Units;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Progress;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarry repair`
@Command(
    name = "repair",
    mixinStandardHelpOptions = true,
    description = {
      "Writes what is left of a damaged store to a new one, and lists what is lost.",
      "The damaged file is only read. 0 if nothing is lost, 1 if something is, 3 if it cannot be read."
    })
final class RepairCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "The damaged store.")
  @Nullable Path store;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The store to make.")
  @Nullable Path target;

  @Option(names = "--without-wal", description = "Leave the log out, and lose what only it holds.")
  boolean withoutWal;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  private final Terminal terminal;

  RepairCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path damaged = Objects.requireNonNull(store);
    Path copy = Objects.requireNonNull(target);
    Progress progress = ProgressLine.of(terminal);
    try {
      if (!Files.exists(damaged)) {
        throw StoreLocation.missing(damaged);
      }
      RepairReport report =
          Quarry.repair(damaged, copy, OpenOptions.defaults(), withoutWal, progress);
      ProgressLine.end(progress);
      print(report);
      return report.isComplete() ? Exit.OK : Exit.FAILED;
    } catch (QuarryException e) {
      ProgressLine.end(progress);
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.CANNOT_OPEN;
    }
  }

  private void print(RepairReport report) {
    PrintStream out = terminal.out();
    if (json) {
      out.println(JsonText.object(fields(report)));
    } else {
      text(report, out);
    }
    out.flush();
  }

  private static Map<String, @Nullable Object> fields(RepairReport report) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("complete", report.isComplete());
    fields.put("target", report.target().toString());
    fields.put("commitNumber", report.commitNumber());
    fields.put("nodes", report.nodes());
    fields.put("relationships", report.relationships());
    fields.put("damagedPages", report.damagedPages());
    fields.put("pages", report.pages());
    fields.put("losses", report.losses().stream().map(RepairCommand::fields).toList());
    fields.put("notes", report.notes());
    return fields;
  }

  private static Map<String, @Nullable Object> fields(RepairReport.Loss loss) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("kind", kind(loss));
    fields.put("of", loss.of());
    fields.put("count", loss.count());
    fields.put("exact", loss.exact());
    return fields;
  }

  private static void text(RepairReport report, PrintStream out) {
    out.printf(
        "%s: %s, %s, commit %d%n",
        report.target(),
        Units.count(report.nodes(), "node"),
        Units.count(report.relationships(), "relationship"),
        report.commitNumber());
    list(out, Units.count(report.damagedPages(), "damaged page"), report.pages());
    list(out, "lost", report.losses().stream().map(RepairCommand::text).toList());
    report.notes().forEach(note -> out.println("note: " + note));
    if (report.isComplete()) {
      out.println("nothing is lost");
    }
  }

  private static void list(PrintStream out, String head, List<String> lines) {
    if (!lines.isEmpty()) {
      out.println(head + ":");
      lines.forEach(line -> out.println("  " + line));
    }
  }

  private static String text(RepairReport.Loss loss) {
    String count =
        loss.exact()
            ? Units.number(loss.count()) + " "
            : loss.count() == 0 ? "" : "up to " + Units.number(loss.count()) + " ";
    return count + kind(loss) + ": " + loss.of();
  }

  private static String kind(RepairReport.Loss loss) {
    return loss.kind().name().toLowerCase(Locale.ROOT);
  }
}
