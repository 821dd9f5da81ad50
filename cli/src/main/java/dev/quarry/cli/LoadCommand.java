package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.cli.render.JsonText;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.FileFormat;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.LoadReport;
import dev.quarry.graph.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/// `quarry load`
@Command(
    name = "load",
    mixinStandardHelpOptions = true,
    description = "Loads files into a store, in one transaction.",
    footer = {
      "",
      "--delimiter, --skip and --header describe the file before them; ahead of the",
      "first file they hold for all. Files that end in .gz are unpacked on the way.",
      "Examples:",
      "  quarry load wiki.quarry --edges wiki-Vote.txt --type VOTED --label User",
      "  quarry load air.quarry --nodes airport=air.csv --relationships route=route.csv",
      "  quarry load x.quarry --nodes P=p.csv --delimiter '|' --header 'id:ID(P),name'"
    })
final class LoadCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Parameters(paramLabel = "STORE", description = "The store; it is made if it is missing.")
  @Nullable Path store;

  @Option(
      names = "--nodes",
      paramLabel = "[L:L=]FILE",
      description = "Nodes as CSV, with a header as neo4j-admin has it.")
  List<String> nodes = List.of();

  @Option(
      names = "--relationships",
      paramLabel = "[TYPE=]FILE",
      description = "Relationships as CSV, with such a header.")
  List<String> relationships = List.of();

  @Option(names = "--edges", paramLabel = "FILE", description = "Two integers a line.")
  List<String> edges = List.of();

  @Option(names = "--type", paramLabel = "T", description = "The type of --edges.")
  @Nullable String type;

  @Option(names = "--label", paramLabel = "L", description = "The label of the nodes of --edges.")
  @Nullable String label;

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      description = "Between fields, as , or | or \\t.")
  List<String> delimiters = List.of();

  @Option(names = "--skip", paramLabel = "N", description = "Lines to pass over at the beginning.")
  List<Long> skips = List.of();

  @Option(names = "--header", paramLabel = "H", description = "The header, if the file has none.")
  List<String> headers = List.of();

  @Option(names = "--id-type", paramLabel = "T", description = "Of id columns: integer or string.")
  @Nullable String idType;

  @Option(names = "--append", description = "The store may hold nodes already.")
  boolean append;

  @Option(
      names = "--region",
      paramLabel = "NAME",
      description = "Put the nodes into this region; it is made if it is missing.")
  @Nullable String region;

  @Option(
      names = "--rejects",
      paramLabel = "FILE",
      description = "List rows left out here, as CSV.")
  @Nullable Path rejects;

  @Option(names = "--tolerate", paramLabel = "N", description = "How many rows may be left out.")
  long tolerate;

  @Option(
      names = "--memory",
      paramLabel = "SIZE",
      description = "The most native memory to use: " + Units.SIZES + ".")
  @Nullable String memory;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "The most threads. Default: as many as processors.")
  int threads;

  @Option(names = "--progress", paramLabel = "json", description = "Progress as JSON on stderr.")
  @Nullable String progress;

  @Option(names = "--json", description = "The report as JSON.")
  boolean json;

  @Option(
      names = {"-q", "--quiet"},
      description = "No report.")
  boolean quiet;

  private final Terminal terminal;

  LoadCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path path = java.util.Objects.requireNonNull(store);
    LoadPlan plan = plan();
    boolean existed = Files.exists(path);
    Progress shown =
        terminal.isErrorTerminal() || progress != null
            ? new ProgressLine(terminal.err(), progress != null)
            : Progress.NONE;
    try (CtrlC watched = new CtrlC(shown)) {
      return load(path, plan, existed, watched);
    }
  }

  private int load(Path path, LoadPlan plan, boolean existed, Progress watched) {
    try {
      print(load(path, plan, watched), path);
      return Exit.OK;
    } catch (QuarryException e) {
      if (!existed) {
        deleteEmpty(path);
      }
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    } catch (CancellationException e) {
      if (!existed) {
        deleteEmpty(path);
      }
      terminal.err().println("the load was ended: nothing was loaded");
      return Exit.INTERRUPTED;
    }
  }

  private LoadReport load(Path path, LoadPlan plan, Progress watched) {
    OpenOptions options = OpenOptions.defaults().withThreads(threads);
    if (memory != null) {
      options = options.withMemory(Math.max(OpenOptions.LEAST_MEMORY, Units.bytes(memory)));
    }
    try (Quarry db = Quarry.open(path, options)) {
      StoreLocation.tellWarnings(db, path, terminal.err());
      return db.load(plan, watched);
    }
  }

  /// A load that failed leaves no store where there was none.
  private void deleteEmpty(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      terminal.err().println("  the empty store " + path + " could not be removed: " + e);
    }
  }

  private void print(LoadReport report, Path path) {
    if (quiet) {
      return;
    }
    double seconds = Math.max(1e-9, report.time().toNanos() / 1e9);
    if (json) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("nodes", report.nodes());
      fields.put("relationships", report.relationships());
      fields.put("rejected", report.rejected());
      fields.put("seconds", seconds);
      fields.put("fileBytes", path.toFile().length());
      terminal.out().println(JsonText.object(fields));
    } else {
      terminal
          .out()
          .printf(
              "%s, %s in %s (%s relationships/s), %s on disk%n",
              Units.count(report.nodes(), "node"),
              Units.count(report.relationships(), "relationship"),
              Units.time(report.time()),
              Units.number((long) (report.relationships() / seconds)),
              Units.size(path.toFile().length()));
    }
    terminal.out().flush();
    if (report.rejected() > 0) {
      terminal.err().println("warning: " + report.rejected() + " rows were left out; the first:");
      report.rejects().stream().limit(5).forEach(row -> terminal.err().println("  " + row));
    }
  }

  // The plan: options are taken in the order in which they were written.

  private LoadPlan plan() {
    LoadPlan plan = new LoadPlan();
    List<FileOption> files = files();
    if (files.isEmpty()) {
      throw usage("name at least one file: --nodes, --relationships or --edges");
    }
    if (threads < 0) {
      throw usage("--threads must not be negative: " + threads);
    }
    if (progress != null && !progress.equals("json")) {
      throw usage("--progress takes json, not `" + progress + "`");
    }
    for (FileOption file : files) {
      plan = add(plan, file);
    }
    plan = plan.region(region);
    if (append) {
      plan = plan.append();
    }
    if (memory != null) {
      plan = plan.memory(parseBytes(memory) / 2);
    }
    return plan.rejects(rejects).tolerate(tolerate).idType(idType);
  }

  private LoadPlan add(LoadPlan plan, FileOption option) {
    int equals = option.value.indexOf('=');
    String before = equals < 0 ? "" : option.value.substring(0, equals);
    Path file = Path.of(option.value.substring(equals + 1));
    return switch (option.name) {
      case "--nodes" -> plan.nodes(before, file, option.format(FileFormat.CSV));
      case "--relationships" -> plan.relationships(before, file, option.format(FileFormat.CSV));
      default -> {
        if (type == null) {
          throw usage("--edges needs --type T");
        }
        String labels = label == null ? "" : label;
        yield plan.edges(type, labels, Path.of(option.value), option.format(FileFormat.EDGE_LIST));
      }
    };
  }

  /// A file and what was said about it.
  private static final class FileOption {
    private final String name;
    private final String value;
    private @Nullable Character delimiter;
    private @Nullable Long skip;
    private @Nullable String header;

    FileOption(String name, String value, @Nullable FileOption defaults) {
      this.name = name;
      this.value = value;
      if (defaults != null) {
        delimiter = defaults.delimiter;
        skip = defaults.skip;
        header = defaults.header;
      }
    }

    FileFormat format(FileFormat base) {
      FileFormat format = base.withHeader(header);
      format = delimiter == null ? format : format.withDelimiter(delimiter);
      return skip == null ? format : format.withSkip(skip);
    }
  }

  private List<FileOption> files() {
    List<FileOption> files = new ArrayList<>();
    FileOption defaults = new FileOption("", "", null);
    FileOption current = defaults;
    Map<String, Integer> used = new LinkedHashMap<>();
    for (ArgSpec arg : parsed().matchedArgs()) {
      if (!(arg instanceof OptionSpec option)) {
        continue;
      }
      String name = option.longestName();
      int index = used.merge(name, 1, Integer::sum) - 1;
      List<String> values = option.originalStringValues();
      if (index >= values.size()) {
        continue;
      }
      String value = values.get(index);
      switch (name) {
        case "--nodes", "--relationships", "--edges" -> {
          current = new FileOption(name, value, defaults);
          files.add(current);
        }
        case "--delimiter" -> current.delimiter = delimiter(value);
        case "--skip" -> current.skip = Long.valueOf(value);
        case "--header" -> current.header = value;
        default -> {}
      }
    }
    return files;
  }

  private ParseResult parsed() {
    return java.util.Objects.requireNonNull(spec).commandLine().getParseResult();
  }

  private char delimiter(String text) {
    if (text.equals("\\t") || text.equals("tab")) {
      return '\t';
    }
    if (text.length() != 1) {
      throw usage("a delimiter is one character, not `" + text + "`");
    }
    return text.charAt(0);
  }

  private long parseBytes(String text) {
    try {
      return Units.bytes(text);
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(java.util.Objects.requireNonNull(spec).commandLine(), message);
  }
}
