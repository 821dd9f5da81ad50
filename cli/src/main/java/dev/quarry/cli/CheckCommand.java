package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.CheckReport;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.cli.render.JsonText;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarry check`
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description =
        "Verifies a store: 0 if it is sound, 1 if damage was found, 3 if it cannot be opened.")
final class CheckCommand implements Callable<Integer> {
  @Parameters(paramLabel = "STORE", description = "The store.")
  @Nullable Path store;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  private final Terminal terminal;

  CheckCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path path = java.util.Objects.requireNonNull(store);
    OpenOptions options = OpenOptions.defaults().withCreate(false);
    Progress progress = ProgressLine.of(terminal);
    try (StoreLocation location = new StoreLocation(path, options, terminal)) {
      Quarry open = opened(location);
      if (open == null) {
        return Exit.CANNOT_OPEN;
      }
      CheckReport report = open.admin().check(progress);
      ProgressLine.end(progress);
      print(report, path);
      return report.isSound() ? Exit.OK : Exit.FAILED;
    } catch (QuarryException e) {
      ProgressLine.end(progress);
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
  }

  /// The store; null if it cannot be opened, whatever the reason.
  private @Nullable Quarry opened(StoreLocation location) {
    try {
      return location.openToRead();
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, json);
      return null;
    }
  }

  private void print(CheckReport report, Path path) {
    if (json) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("sound", report.isSound());
      fields.put("found", report.found());
      fields.put("problems", report.problems());
      fields.put("pages", report.pages());
      fields.put("nodes", report.nodes());
      fields.put("relationships", report.relationships());
      terminal.out().println(JsonText.object(fields));
    } else if (report.isSound()) {
      terminal
          .out()
          .printf(
              "%s is sound: %s, %s, %s verified in %s%n",
              path,
              Units.count(report.pages(), "page"),
              Units.count(report.nodes(), "node"),
              Units.count(report.relationships(), "relationship"),
              Units.time(report.time()));
    } else {
      terminal.out().println(path + " is damaged:");
      report.problems().forEach(problem -> terminal.out().println("  " + problem));
      long more = report.found() - report.problems().size();
      if (more > 0) {
        terminal.out().println("  and " + Units.number(more) + " more");
      }
    }
    terminal.out().flush();
  }
}
