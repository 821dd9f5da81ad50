package dev.quarry.bench.torture;

import dev.quarry.storage.torture.BitFlips;
import dev.quarry.storage.torture.BudgetFaults;
import dev.quarry.storage.torture.FullDisk;
import dev.quarry.storage.torture.HostileFiles;
import dev.quarry.storage.torture.Interrupts;
import dev.quarry.storage.torture.IoFaults;
import dev.quarry.storage.torture.KillLoop;
import dev.quarry.storage.torture.NoSuchCase;
import dev.quarry.storage.torture.PageMixups;
import dev.quarry.storage.torture.PageSubject;
import dev.quarry.storage.torture.PowerLoss;
import dev.quarry.storage.torture.Races;
import dev.quarry.storage.torture.RecoveryCrash;
import dev.quarry.storage.torture.Run;
import dev.quarry.storage.torture.Schedules;
import dev.quarry.storage.torture.StepByStep;
import dev.quarry.storage.torture.Suite;
import dev.quarry.storage.torture.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The command: runs suites one after the other, tells how far it is on stderr, and prints a table.
public final class Torture {
  private static final long USUAL_SECONDS = 60;

  Torture() {}

  public static void main(String[] words) {
    prepare(List.of(words));
    System.exit(new Torture().run(words));
  }

  /// What has to be said before the first store. For R9 alone each access to memory is checked, so
  /// that frames are found that are read after they were freed.
  static void prepare(List<String> words) {
    System.setProperty("quarry.spareExtents", "true");
    System.setProperty("quarry.schedules", "true");
    if (words.contains("R9")) {
      System.setProperty("quarry.check", "true");
    }
  }

  /// Returns the exit code.
  int run(String[] words) {
    TortureOptions options;
    try {
      options = TortureOptions.parse(words);
    } catch (IllegalArgumentException e) {
      System.err.println("error: " + e.getMessage());
      System.err.println("  `quarry torture --help` tells how it is called");
      return 2;
    }
    if (options.help()) {
      System.out.println(TortureOptions.USAGE);
      return 0;
    }
    List<Suite> suites = new ArrayList<>(suites(options::wantsWorkload));
    suites.removeIf(suite -> !options.wants(suite.name()));
    if (options.names(PlantedBugs.NAME)) {
      suites.add(new PlantedBugs(Plant.all(), true));
    }
    if (suites.isEmpty()) {
      System.err.println("error: no suite that was asked for has such a workload");
      return 2;
    }
    return options.caseName() == null ? runAll(suites, options) : replay(suites, options);
  }

  /// All suites, over pages and over graphs; those without a workload are left out.
  static List<Suite> suites(Predicate<String> workload) {
    List<Workload> all = of(workload, PageSubject.workloads(), GraphSubject.workloads());
    List<Workload> small = of(workload, PageSubject.small(), GraphSubject.small());
    List<Workload> closing = of(workload, PageSubject.closing(), GraphSubject.closing());
    List<Suite> suites = new ArrayList<>();
    if (workload.test("processes")) {
      suites.add(new KillLoop());
    }
    if (!all.isEmpty()) {
      suites.add(new StepByStep(all));
      suites.add(new PowerLoss(all));
      suites.add(new RecoveryCrash(all));
    }
    if (!small.isEmpty()) {
      suites.add(new BitFlips(small));
    }
    if (!closing.isEmpty()) {
      suites.add(new PageMixups(closing));
    }
    if (!all.isEmpty()) {
      suites.add(new IoFaults(all));
      suites.add(new FullDisk(all));
      suites.add(new BudgetFaults(all));
    }
    if (workload.test("lists")) {
      suites.add(new Schedules());
    }
    if (workload.test("processes")) {
      suites.add(new Races());
    }
    if (workload.test("hostile")) {
      suites.add(new HostileFiles(GraphSubject.AllHostile.class));
    }
    if (workload.test("processes")) {
      suites.add(new Interrupts());
    }
    return suites;
  }

  private static List<Workload> of(
      Predicate<String> wanted, List<Workload> pages, List<Workload> graphs) {
    return Stream.concat(pages.stream(), graphs.stream())
        .filter(workload -> wanted.test(workload.name()))
        .toList();
  }

  private static int runAll(List<Suite> suites, TortureOptions options) {
    TortureReport report = new TortureReport(runs(suites, options));
    System.out.print(options.json() ? report.json() : report.table());
    report.untried().forEach(suite -> System.err.println("warning: " + suite + " has run no case"));
    return report.violations() == 0 ? 0 : 1;
  }

  /// Each suite has an equal share of the time that those before it have left.
  static List<Run> runs(List<Suite> suites, TortureOptions options) {
    List<Run> runs = new ArrayList<>();
    long start = System.nanoTime();
    boolean unlimited =
        options.states() == 0
            && options.seconds() == 0
            && options.rounds() == 0
            && !options.names(PlantedBugs.NAME);
    long seconds = unlimited ? USUAL_SECONDS : options.seconds();
    for (Suite suite : suites) {
      long left = seconds * 1_000_000_000 - (System.nanoTime() - start);
      long share = Math.max(0, left) / (suites.size() - runs.size());
      long nanos = seconds == 0 ? Long.MAX_VALUE : share;
      long states = options.states() == 0 ? Long.MAX_VALUE : options.states();
      System.err.println(suite.name() + ": " + suite.promise());
      Run run = new Run(suite, options.seed(), states, nanos, Torture::tell);
      run.rounds(options.rounds() == 0 ? Long.MAX_VALUE : options.rounds()).go();
      tell(run);
      System.err.println();
      runs.add(run);
    }
    return runs;
  }

  private static void tell(Run run) {
    System.err.printf(
        "\r  %,d states, %,d points, %,d violations, %.0f s",
        run.states(), run.points(), run.violations(), run.seconds());
  }

  private static int replay(List<Suite> suites, TortureOptions options) {
    if (suites.size() != 1) {
      System.err.println("error: a case needs its suite: --suite R2 --case '…'");
      return 2;
    }
    try {
      suites.getFirst().replay(String.valueOf(options.caseName()));
    } catch (NoSuchCase e) {
      System.err.println("error: " + suites.getFirst().name() + ": " + e.getMessage());
      return 2;
    } catch (RuntimeException | Error e) {
      e.printStackTrace();
      return 1;
    }
    System.out.println("no violation");
    return 0;
  }
}
