package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.Row;
import dev.quarry.StoreStats;
import dev.quarry.cli.render.JsonText;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.RegionUsage;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  private static final long STATEMENT_TOKENS = 1_000_000;
  private static final long STATEMENT_BYTES = 64L << 20;

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
    try (StoreLocation location = new StoreLocation(path, options, terminal)) {
      Quarry db = location.openToRead();
      Facts facts = Facts.of(db);
      if (json) {
        terminal.out().println(JsonText.object(fields(facts, options)));
      } else {
        print(facts, options, terminal.out());
      }
      terminal.out().flush();
      return Exit.OK;
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
  }

  /// All that is printed, as text and as JSON.
  ///
  /// @param kinds rows of `db.statistics.kinds`; the others are of the procedures of their names
  record Facts(StoreStats stats, List<Row> kinds, List<Row> properties, List<Row> degrees) {
    /// Reads them.
    ///
    /// @throws dev.quarry.error.StoreOpenException if somebody else has written to the file
    ///   meanwhile
    static Facts of(Quarry db) {
      List<List<Row>> rows;
      try {
        rows = Stream.of("kinds", "properties", "degrees").map(what -> rows(db, what)).toList();
      } catch (CorruptPageException e) {
        db.admin().stats(); // tells it if somebody has written meanwhile; else this is damage
        throw e;
      }
      StoreStats stats = db.admin().stats(); // last, since it makes sure of what was read before
      return new Facts(stats, rows.get(0), rows.get(1), rows.get(2));
    }

    private static List<Row> rows(Quarry db, String what) {
      return db.run("CALL db.statistics." + what + "()").rows();
    }
  }

  private static Map<String, @Nullable Object> fields(Facts facts, OpenOptions options) {
    StoreStats stats = facts.stats;
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("nodes", stats.nodes());
    fields.put("relationships", stats.relationships());
    fields.put("labels", stats.labels());
    fields.put("types", stats.types());
    fields.put("regions", stats.regions().stream().map(StatsCommand::fields).toList());
    fields.put("commitNumber", stats.commitNumber());
    fields.put("fileBytes", stats.fileBytes());
    fields.put("memoryUsedBytes", stats.memoryUsedBytes());
    fields.put("memoryLimitBytes", stats.memoryLimitBytes());
    fields.put("defaults", defaults(stats, options));
    fields.put("kinds", maps(facts.kinds));
    fields.put("properties", maps(facts.properties));
    fields.put("degrees", maps(facts.degrees));
    return fields;
  }

  private static List<Map<String, @Nullable Object>> maps(List<Row> rows) {
    return rows.stream().map(Row::asMap).toList();
  }

  /// What holds if nothing else is said; null stands for no limit.
  private static Map<String, @Nullable Object> defaults(StoreStats stats, OpenOptions options) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("syncCommits", options.syncCommits());
    fields.put("writerTimeoutSeconds", options.writerTimeout().toSeconds());
    fields.put("writeLeaseSeconds", options.writeLease().toSeconds());
    fields.put("queryMemoryBytes", stats.memoryLimitBytes() / 4);
    fields.put("queryTimeoutSeconds", null);
    fields.put("queryRows", null);
    fields.put("statementTokens", STATEMENT_TOKENS);
    fields.put("statementBytes", STATEMENT_BYTES);
    return fields;
  }

  private static void print(Facts facts, OpenOptions options, PrintStream out) {
    print(facts.stats, options, out);
    if (!facts.kinds.isEmpty()) {
      out.println("kinds");
    }
    for (Row row : facts.kinds) {
      out.printf(
          "  (%s)-[:%s]->(%s)  %s%n",
          labels(row.get("labels")),
          row.get("type"),
          labels(row.get("otherLabels")),
          number(row.get("relationships")));
    }
    printEstimates(facts.properties, facts.degrees, out);
  }

  /// What plans go by and no answer rests on: as of the commits at which it was looked at.
  private static void printEstimates(List<Row> properties, List<Row> degrees, PrintStream out) {
    if (!properties.isEmpty() || !degrees.isEmpty()) {
      out.println("estimates");
    }
    for (Row row : properties) {
      boolean ofNodes = "NODE".equals(row.get("entityType"));
      out.printf(
          "  %s%s%s.%s  in %s of %s, %s distinct, %s to %s (commit %s)%n",
          ofNodes ? "(" : "[",
          labels(row.get("labelsOrType")),
          ofNodes ? ")" : "]",
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
          "  (%s)%s[:%s]%s()  at %s of %s nodes, at most %s; of degree 1, 2-3, 4-7, … %s;"
              + " %s self-loops, %s parallels (commit %s)%n",
          labels(row.get("labels")),
          leaves ? "-" : "<-",
          row.get("type"),
          leaves ? "->" : "-",
          number(row.get("nonEmpty")),
          number(row.get("nodes")),
          number(row.get("maximum")),
          row.get("histogram"),
          number(row.get("selfLoops")),
          Boolean.TRUE.equals(row.get("mayHaveParallels")) ? "maybe" : "no",
          row.get("commit"));
    }
  }

  /// Names as a pattern has them, such as `:Person:Author`; nothing without any.
  private static String labels(@Nullable Object names) {
    return ((List<?>) Objects.requireNonNull(names))
        .stream().map(name -> ":" + name).collect(Collectors.joining());
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
            + " no limit of time or rows; statements of up to %s tokens and %s%n",
        options.writerTimeout().toSeconds(),
        options.writeLease().toSeconds(),
        Units.number(STATEMENT_TOKENS),
        Units.size(STATEMENT_BYTES));
  }
}
