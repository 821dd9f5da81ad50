package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.StoreStats;
import dev.quarry.cli.render.JsonText;
import dev.quarry.error.QuarryException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarry stats`
@Command(
    name = "stats",
    mixinStandardHelpOptions = true,
    description = "Shows what a store holds, and the defaults that hold for it.")
final class StatsCommand implements Callable<Integer> {
  @Parameters(paramLabel = "STORE", description = "The store.")
  @Nullable Path store;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  private final Terminal terminal;

  StatsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path path = java.util.Objects.requireNonNull(store);
    OpenOptions options = OpenOptions.defaults().withCreate(false);
    try (StoreLocation location = new StoreLocation(path, options)) {
      Quarry db = location.open(false);
      StoreStats stats = db.admin().stats();
      if (json) {
        terminal.out().println(JsonText.object(fields(stats)));
      } else {
        print(stats, options, terminal.out());
      }
      terminal.out().flush();
      return Exit.OK;
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
  }

  private static Map<String, @Nullable Object> fields(StoreStats stats) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("nodes", stats.nodes());
    fields.put("relationships", stats.relationships());
    fields.put("labels", stats.labels());
    fields.put("types", stats.types());
    fields.put("commitNumber", stats.commitNumber());
    fields.put("fileBytes", stats.fileBytes());
    fields.put("memoryLimitBytes", stats.memoryLimitBytes());
    return fields;
  }

  static void print(StoreStats stats, OpenOptions options, PrintStream out) {
    out.printf("nodes          %s%n", Units.number(stats.nodes()));
    stats.labels().forEach((name, count) -> out.printf("  :%s  %s%n", name, Units.number(count)));
    out.printf("relationships  %s%n", Units.number(stats.relationships()));
    stats.types().forEach((name, count) -> out.printf("  :%s  %s%n", name, Units.number(count)));
    out.printf(
        "file           %s, commit %d%n", Units.size(stats.fileBytes()), stats.commitNumber());
    out.printf(
        "memory         %s of %s in use; a query may take a quarter of it%n",
        Units.size(stats.memoryUsedBytes()), Units.size(stats.memoryLimitBytes()));
    out.printf(
        "defaults       a barrier per commit; %d s to wait for the writer, who may be idle for %d s then;"
            + " no limit of time or rows%n",
        options.writerTimeout().toSeconds(), options.writeLease().toSeconds());
  }
}
