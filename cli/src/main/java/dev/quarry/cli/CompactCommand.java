package dev.quarry.cli;

import dev.quarry.CompactOptions;
import dev.quarry.CompactReport;
import dev.quarry.OpenOptions;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.cli.render.JsonText;
import dev.quarry.cli.render.Units;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarry compact`
@Command(
    name = "compact",
    mixinStandardHelpOptions = true,
    description = {
      "Gives back the room that deletions have left: fills sparse pages, and makes the file shorter.",
      "Ctrl-C ends it at any time; the store is sound, and what was done stays.",
      "While an application has the store open, it must do that: admin().compact()."
    })
final class CompactCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  @Nullable Path store;

  @Option(
      names = "--pack",
      description = {
        "Packs relationships as well: they take about half of the room, and",
        "reading them takes longer. For graphs that hardly change."
      })
  boolean pack;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  private final Terminal terminal;

  CompactCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    try (Interruption interruption = new Interruption()) {
      return compact(interruption);
    }
  }

  /// @param until whether to end
  int compact(BooleanSupplier until) {
    OpenOptions options = OpenOptions.defaults().withCreate(false);
    CompactOptions packing = CompactOptions.defaults().withPack(pack);
    Path path = Objects.requireNonNull(store);
    Progress progress = ProgressLine.of(terminal);
    CompactReport report;
    try (StoreLocation location = new StoreLocation(path, options, terminal)) {
      report = location.open(false).admin().compact(packing, until, progress);
    } catch (QuarryException e) {
      ProgressLine.end(progress);
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
    ProgressLine.end(progress);
    print(report, path);
    return report.isComplete() ? Exit.OK : Exit.INTERRUPTED;
  }

  private void print(CompactReport report, Path path) {
    if (json) {
      terminal.out().println(JsonText.object(fields(report)));
    } else {
      terminal.out().println(text(report, path));
    }
    terminal.out().flush();
    if (!report.isComplete()) {
      terminal
          .err()
          .println(
              "interrupted: the store is sound, and what was done so far stays; to go on: quarry compact "
                  + path
                  + (pack ? " --pack" : ""));
    }
  }

  private static Map<String, @Nullable Object> fields(CompactReport report) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("complete", report.isComplete());
    fields.put("fileBytesBefore", report.fileBytesBefore());
    fields.put("fileBytesAfter", report.fileBytesAfter());
    fields.put("liveBytes", report.liveBytes());
    fields.put("occupancyBefore", report.occupancyBefore());
    fields.put("occupancyAfter", report.occupancyAfter());
    fields.put("moved", report.moved());
    fields.put("movedBytes", report.movedBytes());
    return fields;
  }

  private static String text(CompactReport report, Path path) {
    return "%s: %s, was %s; %s of it live%n"
            .formatted(
                path,
                Units.size(report.fileBytesAfter()),
                Units.size(report.fileBytesBefore()),
                Units.size(report.liveBytes()))
        + "pages of lists and long values: %s full, were %s; %s moved, %s of pages moved in the file, in %s"
            .formatted(
                percent(report.occupancyAfter()),
                percent(report.occupancyBefore()),
                Units.number(report.moved()),
                Units.size(report.movedBytes()),
                Units.time(report.time()));
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.0f%%", 100 * share);
  }
}
