package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.StoreHash;
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

/// `quarry hash`
@Command(
    name = "hash",
    mixinStandardHelpOptions = true,
    description =
        "Prints a hash of the graph as such: equal for every copy of it, whatever the layout.")
final class HashCommand implements Callable<Integer> {
  @Parameters(paramLabel = "STORE", description = "The store.")
  @Nullable Path store;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  private final Terminal terminal;

  HashCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    OpenOptions options = OpenOptions.defaults().withCreate(false);
    Progress progress = ProgressLine.of(terminal);
    try (StoreLocation location =
        new StoreLocation(Objects.requireNonNull(store), options, terminal)) {
      StoreHash hash = location.openToRead().admin().hash(progress);
      ProgressLine.end(progress);
      print(hash);
      return Exit.OK;
    } catch (QuarryException e) {
      ProgressLine.end(progress);
      ErrorPrinter.print(terminal.err(), e, null, json);
      return Exit.of(e);
    }
  }

  private void print(StoreHash hash) {
    if (json) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("graph", hash.graph());
      fields.put("schema", hash.schema());
      fields.put("nodes", hash.nodes());
      fields.put("relationships", hash.relationships());
      fields.put("commitNumber", hash.commitNumber());
      terminal.out().println(JsonText.object(fields));
    } else {
      terminal.out().printf("graph   %s%n", hash.graph());
      terminal.out().printf("schema  %s%n", hash.schema());
      terminal
          .out()
          .printf(
              "of %s and %s, commit %d%n",
              Units.count(hash.nodes(), "node"),
              Units.count(hash.relationships(), "relationship"),
              hash.commitNumber());
    }
    terminal.out().flush();
  }
}
