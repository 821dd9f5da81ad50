package dev.quarry.cli;

import dev.quarry.cli.render.Units;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.OpenOptions;
import dev.quarry.QueryOptions;
import dev.quarry.cli.render.Mode;
import dev.quarry.error.QuarryException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `quarry query`
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = "Runs openCypher statements and prints their rows.",
    footer = {
      "",
      "Without STORE the graph is in memory and empty. BEGIN, COMMIT and ROLLBACK make",
      "several statements one transaction; `:param name => V` sets a parameter.",
      "Examples:",
      "  quarry query \"RETURN 1 + 1\"",
      "  quarry query air.quarry \"MATCH (a:airport {code: \\$c}) RETURN a\" -p c=AUS",
      "  generate | quarry query air.quarry -"
    })
final class QueryCommand implements Callable<Integer> {
  @Spec @Nullable CommandSpec spec;

  @Parameters(
      paramLabel = "[STORE] TEXT",
      arity = "0..2",
      description = "The store, and the statements; `-` reads them from stdin.")
  List<String> words = List.of();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "Read the statements here.")
  @Nullable Path file;

  @Option(
      names = {"-p", "--param"},
      paramLabel = "name=V",
      description = "A parameter: a Cypher literal, else a string.")
  List<String> given = List.of();

  @Option(names = "--params", paramLabel = "FILE.json", description = "Parameters, as an object.")
  @Nullable Path parameterFile;

  @Option(
      names = {"-m", "--mode"},
      paramLabel = "MODE",
      description = "box, csv, tsv, json or jsonl. Default: box on a terminal, else csv.")
  @Nullable String mode;

  @Option(
      names = "--timeout",
      paramLabel = "30s",
      description = "The most time per statement: " + Units.TIMES + ".")
  @Nullable String timeout;

  @Option(
      names = "--memory",
      paramLabel = "256m",
      description =
          "The most native memory: " + Units.SIZES + ". Default: a quarter of the machine's.")
  @Nullable String memory;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "The most threads of a statement. Default: as many as processors.")
  int threads;

  @Option(names = "--read-only", description = "Refuse statements that write.")
  boolean readOnly;

  @Option(names = "--keep-going", description = "Go on after a statement that failed.")
  boolean keepGoing;

  @Option(
      names = {"-q", "--quiet"},
      description = "No word on what changed.")
  boolean quiet;

  private final Terminal terminal;

  QueryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  /// Whether these are `query TEXT` or `query STORE TEXT`, without options, stdin or a mistake.
  static boolean isPlain(String[] arguments) {
    if (arguments.length < 2 || arguments.length > 3 || !arguments[0].equals("query")) {
      return false;
    }
    for (String argument : arguments) {
      if (argument.startsWith("-") || argument.isEmpty()) {
        return false;
      }
    }
    return arguments.length == 3 || !isStore(arguments[1]);
  }

  static int runPlain(Terminal terminal, String[] arguments) {
    QueryCommand command = new QueryCommand(terminal);
    command.words = List.of(arguments).subList(1, arguments.length);
    return command.call();
  }

  private static boolean isStore(String text) {
    return text.endsWith(".quarry") && Files.exists(Path.of(text));
  }

  @Override
  public Integer call() {
    int texts = file == null ? 1 : 0;
    if (words.size() < texts || words.size() > texts + 1) {
      throw usage(wordsExpected(texts));
    }
    @Nullable Path path = words.size() > texts ? Path.of(words.getFirst()) : null;
    String text = texts == 1 ? words.getLast() : "";
    if (path == null && texts == 1 && isStore(text)) {
      throw usage("give a statement, or `quarry " + text + "` for the shell");
    }
    try (StoreLocation store = new StoreLocation(path, openOptions(), terminal);
        StatementRunner runner =
            new StatementRunner(store, terminal, parameters(), queryOptions(), mode())) {
      ShellCommands commands = new ShellCommands(runner, terminal, talk(terminal, quiet));
      return run(text, runner, commands);
    } catch (QuarryException e) {
      ErrorPrinter.print(terminal.err(), e, null, mode().json());
      return Exit.of(e);
    }
  }

  private String wordsExpected(int texts) {
    if (texts == 0) {
      return "give at most a STORE beside -f";
    }
    return words.isEmpty()
        ? "give a statement, -f FILE or -"
        : "give at most a STORE and a statement, not %d words; a statement is one word in quotes"
            .formatted(words.size());
  }

  private int run(String text, StatementRunner runner, ShellCommands commands) {
    String name = file == null ? "" : file.toString();
    boolean whole = file != null || !text.equals("-");
    ScriptRunner script =
        new ScriptRunner(runner, commands, terminal, new ScriptRunner.Kind(name, whole, keepGoing));
    if (file == null && whole) {
      return script.run(text);
    }
    try (Reader reader = reader()) {
      return script.run(reader);
    } catch (CharacterCodingException e) {
      terminal.err().println("error: the text of " + file + " is not UTF-8");
      return Exit.FAILED;
    } catch (IOException e) {
      terminal.err().println("error: the script cannot be read: " + e.getMessage());
      return Exit.FAILED;
    }
  }

  private Reader reader() throws IOException {
    if (file == null) {
      return new InputStreamReader(terminal.in(), StandardCharsets.UTF_8);
    }
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw usage("there is no readable file " + file);
    }
    return Files.newBufferedReader(file);
  }

  /// Hears what is said besides rows: a person on stderr, nobody else.
  static Consumer<String> talk(Terminal terminal, boolean quiet) {
    return terminal.isErrorTerminal() && !quiet
        ? text -> {
          terminal.out().flush();
          terminal.err().println(text);
        }
        : text -> {};
  }

  private OpenOptions openOptions() {
    if (threads < 0) {
      throw usage("--threads must not be negative: " + threads);
    }
    OpenOptions options = OpenOptions.defaults().withReadOnly(readOnly).withThreads(threads);
    return memory == null
        ? options
        : options.withMemory(Math.max(OpenOptions.LEAST_MEMORY, parse(() -> Units.bytes(memory))));
  }

  private QueryOptions queryOptions() {
    QueryOptions options = QueryOptions.DEFAULT.withThreads(threads);
    if (timeout != null) {
      options = options.withTimeout(parse(() -> Units.time(timeout)));
    }
    return memory == null ? options : options.withMemory(Units.bytes(memory));
  }

  private Map<String, @Nullable Object> parameters() {
    Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
    if (parameterFile != null) {
      parameters.putAll(parse(() -> dev.quarry.cli.Parameters.file(parameterFile)));
    }
    for (String one : given) {
      parse(
          () -> {
            dev.quarry.cli.Parameters.put(one, parameters);
            return one;
          });
    }
    return parameters;
  }

  private Mode mode() {
    return Modes.of(mode, terminal, spec);
  }

  private <T> T parse(java.util.function.Supplier<T> value) {
    try {
      return value.get();
    } catch (IllegalArgumentException e) {
      throw usage(e.getMessage());
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(java.util.Objects.requireNonNull(spec).commandLine(), message);
  }
}
