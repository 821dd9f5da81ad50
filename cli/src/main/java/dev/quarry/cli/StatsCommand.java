package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.Row;
import dev.quarry.StoreStats;
import dev.quarry.cli.render.JsonText;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.RegionUsage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    Path path = Objects.requireNonNull(store);
    OpenOptions options = OpenOptions.defaults().withCreate(false);
    try (StoreLocation location = new StoreLocation(path, options)) {
      Quarry db = location.openToRead();
      StoreStats stats = db.admin().stats();
      if (json) {
        terminal.out().println(JsonText.object(fields(stats, db)));
      } else {
        print(stats, options, terminal.out());
        printEstimates(db, terminal.out());
      }
      terminal.out().flush();
      return Exit.OK;
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
  }

  private static Map<String, @Nullable Object> fields(StoreStats stats, Quarry db) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("nodes", stats.nodes());
    fields.put("relationships", stats.relationships());
    fields.put("labels", stats.labels());
    fields.put("types", stats.types());
    fields.put("regions", stats.regions().stream().map(StatsCommand::fields).toList());
    fields.put("commitNumber", stats.commitNumber());
    fields.put("fileBytes", stats.fileBytes());
    fields.put("memoryLimitBytes", stats.memoryLimitBytes());
    for (String what : List.of("kinds", "properties", "degrees")) {
      fields.put(what, rows(db, what).stream().map(Row::asMap).toList());
    }
    return fields;
  }

  private static List<Row> rows(Quarry db, String what) {
    return db.run("CALL db.statistics." + what + "()").rows();
  }

  /// What plans go by and no answer rests on: as of the commits at which it was looked at.
  private static void printEstimates(Quarry db, PrintStream out) {
    List<Row> properties = rows(db, "properties");
    List<Row> degrees = rows(db, "degrees");
    if (!properties.isEmpty() || !degrees.isEmpty()) {
      out.println("estimates");
    }
    for (Row row : properties) {
      out.printf(
          "  :%s.%s  in %s of %s, %s distinct, %s to %s (commit %s)%n",
          names(row.get("labelsOrType")),
          row.get("property"),
          number(row.get("present")),
          number(row.get("records")),
          number(row.get("distinct")),
          row.get("minimum"),
          row.get("maximum"),
          row.get("commit"));
    }
    for (Row row : degrees) {
      boolean leaves = "OUTGOING".equals(row.get("direction"));
      out.printf(
          "  (:%s)%s[:%s]%s()  at %s of %s nodes, at most %s (commit %s)%n",
          names(row.get("labels")),
          leaves ? "-" : "<-",
          row.get("type"),
          leaves ? "->" : "-",
          number(row.get("nonEmpty")),
          number(row.get("nodes")),
          number(row.get("maximum")),
          row.get("commit"));
    }
  }

  private static String names(@Nullable Object list) {
    return String.join(
        ":", ((List<?>) Objects.requireNonNull(list)).stream().map(String::valueOf).toList());
  }

  private static String number(@Nullable Object number) {
    return Units.number((Long) Objects.requireNonNull(number));
  }

  private static Map<String, @Nullable Object> fields(RegionUsage region) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", region.name());
    fields.put("nodes", region.nodes());
    fields.put("pages", region.pages());
    fields.put("bytes", region.bytes());
    fields.put("floorPages", region.floorPages());
    fields.put("floorBytes", region.floorBytes());
    return fields;
  }

  private static void print(RegionUsage region, PrintStream out) {
    out.printf(
        "  %s  %s nodes, %s pages (%s), of which %s (%s) are the floor of a region%n",
        region.name(),
        Units.number(region.nodes()),
        Units.number(region.pages()),
        Units.size(region.bytes()),
        Units.number(region.floorPages()),
        Units.size(region.floorBytes()));
  }

  static void print(StoreStats stats, OpenOptions options, PrintStream out) {
    out.printf("nodes          %s%n", Units.number(stats.nodes()));
    stats.labels().forEach((name, count) -> out.printf("  :%s  %s%n", name, Units.number(count)));
    out.printf("relationships  %s%n", Units.number(stats.relationships()));
    stats.types().forEach((name, count) -> out.printf("  :%s  %s%n", name, Units.number(count)));
    if (!stats.regions().isEmpty()) {
      out.printf("regions        %s%n", Units.number(stats.regions().size()));
      stats.regions().forEach(region -> print(region, out));
    }
    out.printf(
        "file           %s, commit %d%n", Units.size(stats.fileBytes()), stats.commitNumber());
    out.printf(
        "memory         %s of %s in use; a query may take a quarter of it%n",
        Units.size(stats.memoryUsedBytes()), Units.size(stats.memoryLimitBytes()));
    out.printf(
        "defaults       a barrier per commit; %d s to wait for the writer, who may be idle for %d s then;"
            + " no limit of time or rows; statements of up to 1,000,000 tokens and 64 MiB%n",
        options.writerTimeout().toSeconds(), options.writeLease().toSeconds());
  }
}
