package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.cli.render.ErrorPrinter;
import dev.quarry.cli.render.JsonText;
import dev.quarry.cli.render.Units;
import dev.quarry.error.QuarryException;
import dev.quarry.graph.Progress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `quarry backup`
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description = {
      "Writes a verified, compact copy of a store to a new file.",
      "While an application has the store open, it must make the copy: admin().backup(path)."
    })
final class BackupCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "STORE", description = "The store.")
  @Nullable Path store;

  @Parameters(index = "1", paramLabel = "TARGET", description = "The file to make.")
  @Nullable Path target;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  private final Terminal terminal;

  BackupCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Path copy = Objects.requireNonNull(target);
    OpenOptions options = OpenOptions.defaults().withCreate(false);
    Progress progress = ProgressLine.of(terminal);
    try (StoreLocation location =
        new StoreLocation(Objects.requireNonNull(store), options, terminal)) {
      long commit = location.open(false).admin().backup(copy, progress);
      ProgressLine.end(progress);
      print(copy, commit);
      return Exit.OK;
    } catch (QuarryException e) {
      ProgressLine.end(progress);
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
  }

  private void print(Path copy, long commit) {
    long bytes = copy.toFile().length();
    if (json) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("target", copy.toString());
      fields.put("commitNumber", commit);
      fields.put("bytes", bytes);
      terminal.out().println(JsonText.object(fields));
    } else {
      terminal.out().printf("%s: %s, commit %d%n", copy, Units.size(bytes), commit);
    }
    terminal.out().flush();
  }
}
