package dev.quarry.bench.torture;

import dev.quarry.bench.Folder;
import dev.quarry.bench.torture.PlantedRun.Outcome;
import dev.quarry.storage.torture.NoSuchCase;
import dev.quarry.storage.torture.Run;
import dev.quarry.storage.torture.Suite;
import dev.quarry.storage.torture.Violation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;

/// R15: the suites can fail. Each planted bug is caught by the suite that should catch it, and the
/// same suites find nothing where no bug is planted. Some suites meet a bug by chance, so each has
/// two seeds for it.
///
/// A case: the name of a plant, or `none:` and a suite.
final class PlantedBugs implements Suite {
  static final String NAME = "R15";

  private static final int MOST_SECONDS = 60;
  private static final int SECONDS_WITHOUT = 10;
  private static final String NONE = "none:";

  private record Row(String plant, String kind, String suite, Outcome outcome) {}

  private final List<Plant> plants;
  private final boolean control;
  private final List<Row> rows = new ArrayList<>();

  /// @param control whether the suites are run without a bug as well
  PlantedBugs(List<Plant> plants, boolean control) {
    this.plants = plants;
    this.control = control;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String promise() {
    return "each planted bug is caught within a minute, or another one of another seed, and nothing is where none is planted";
  }

  @Override
  public void run(Run run) {
    for (String name : cases()) {
      if (run.more()) {
        run.check(name, name, () -> judge(name, run.seed()));
      }
    }
  }

  private List<String> cases() {
    Stream<String> suites = plants.stream().map(Plant::suite).distinct().sorted();
    Stream<String> none = control ? suites.map(NONE::concat) : Stream.empty();
    return Stream.concat(none, plants.stream().map(Plant::name)).toList();
  }

  @Override
  public void replay(String name) {
    judge(name, 1);
    System.out.println(details());
  }

  private void judge(String name, long seed) {
    if (name.startsWith(NONE)) {
      findNothing(name.substring(NONE.length()), seed);
    } else {
      catchIt(
          plants.stream()
              .filter(plant -> plant.name().equals(name))
              .findFirst()
              .orElseThrow(() -> new NoSuchCase("no plant " + name)),
          seed);
    }
  }

  private void catchIt(Plant plant, long seed) {
    Outcome outcome =
        inFolder(
            classes -> {
              PlantedClasses.ofThisClone().compile(plant, classes);
              Outcome first = tried(plant, classes, seed);
              return first.caught() ? first : first.then(tried(plant, classes, ~seed));
            });
    rows.add(new Row(plant.name(), plant.kind(), plant.suite(), outcome));
    if (!outcome.caught()) {
      throw new Violation(
          "%s survives %s, %,d states: %s"
              .formatted(plant.name(), plant.suite(), outcome.states(), plant.what()));
    }
  }

  private static Outcome tried(Plant plant, Path classes, long seed) {
    return PlantedRun.start(classes, plant.suite(), plant.workloads(), seed, MOST_SECONDS);
  }

  private void findNothing(String suite, long seed) {
    List<Plant> its = plants.stream().filter(plant -> plant.suite().equals(suite)).toList();
    if (its.isEmpty()) {
      throw new NoSuchCase("no plant is for a suite " + suite);
    }
    boolean all = its.stream().anyMatch(plant -> plant.workloads().isEmpty());
    Stream<String> named = its.stream().flatMap(plant -> plant.workloads().stream());
    List<String> workloads = all ? List.of() : named.distinct().toList();
    Outcome outcome =
        inFolder(classes -> PlantedRun.start(classes, suite, workloads, seed, SECONDS_WITHOUT));
    rows.add(new Row("none", "", suite, outcome));
    if (outcome.caught()) {
      throw new Violation(suite + " finds something without a bug: " + outcome.message());
    }
    if (outcome.states() == 0) {
      throw new Violation(
          suite + " has no case within " + SECONDS_WITHOUT + " s, and shows nothing");
    }
  }

  private static Outcome inFolder(Function<Path, Outcome> body) {
    try (Folder folder = Folder.create()) {
      return body.apply(folder.path());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A row for each plant: what caught it, after how much.
  @Override
  public String details() {
    StringBuilder out = new StringBuilder();
    out.append("| plant | kind | suite | states | seconds | verdict | what was seen |\n");
    out.append("|---|---|---|--:|--:|---|---|\n");
    for (Row row : rows) {
      Outcome outcome = row.outcome;
      String verdict =
          row.plant.equals("none")
              ? outcome.caught() ? "FALSE ALARM" : "quiet"
              : outcome.caught() ? "caught" : "SURVIVED";
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %,d | %.1f | %s | %s |%n",
              row.plant,
              row.kind,
              row.suite,
              outcome.states(),
              outcome.seconds(),
              verdict,
              shortened(outcome.message())));
    }
    return out.toString();
  }

  private static String shortened(String message) {
    String text = message.replaceAll("dev\\.quarry\\.[a-z.]*", "").replace('|', '/');
    return text.length() <= 120 ? text : text.substring(0, 119) + "…";
  }
}
