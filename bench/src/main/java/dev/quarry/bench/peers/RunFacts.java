package dev.quarry.bench.peers;

import dev.quarry.bench.peers.PeersBenchmark.About;
import dev.quarry.bench.peers.kit.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// What a reader must know of a run: when, on what, with which options, and who took part how.
///
/// @param machine lines such as "2 processors", without names of hosts or folders
/// @param commands by contestant, how its process was started, folders left out
record RunFacts(
    LocalDate date,
    List<String> machine,
    String data,
    String method,
    String command,
    Map<String, About> about,
    Map<String, String> commands,
    List<String> absent) {

  /// Who of these is a database, or not.
  List<String> databases(List<String> names, boolean wanted) {
    return names.stream()
        .filter(
            name -> {
              About known = about.get(name);
              return (known == null || known.database()) == wanted;
            })
        .toList();
  }

  /// @param start how JVMs were started
  static RunFacts of(
      PeersOptions options,
      String commit,
      long relationships,
      Map<String, About> about,
      List<Contestant> contestants,
      List<String> absent,
      String start,
      Duration took) {
    Map<String, String> commands = new LinkedHashMap<>();
    contestants.forEach(one -> commands.put(one.name(), shown(one.command())));
    return new RunFacts(
        LocalDate.now(ZoneOffset.UTC),
        thisMachine(commit),
        "Kronecker graph of scale %d without loops and parallels, seed 1: %,d nodes `(:V {id, grp, score})`, %,d relationships `[:E]`"
            .formatted(options.scale(), 1 << options.scale(), relationships),
        "loads: %d, 3 for who takes longer than 20 s; rounds of each workload: %d, 3 for who takes longer than 3 s, after a warm-up of 2 rounds, of reads also %d ms; reads repeated for %d ms a round; all contestants in turn; a limit of %d s for each request; %s; %s in all"
            .formatted(
                options.loads(),
                options.rounds(),
                options.warmUp().toMillis(),
                options.repeat().toMillis(),
                options.limit().toSeconds(),
                start,
                minutes(took)),
        command(options),
        about,
        commands,
        absent);
  }

  static String minutes(Duration took) {
    long minutes = took.plusSeconds(30).toMinutes();
    return minutes + (minutes == 1 ? " minute" : " minutes");
  }

  private static String command(PeersOptions options) {
    return "./quarry bench peers --scale "
        + options.scale()
        + " --rounds "
        + options.rounds()
        + " --loads "
        + options.loads()
        + " --warm-up "
        + options.warmUp().toMillis()
        + " --repeat "
        + options.repeat().toMillis()
        + " --limit "
        + options.limit().toSeconds()
        + (options.aot() ? "" : " --aot off")
        + (options.peers().isEmpty() ? "" : " --peers " + String.join(",", options.peers()))
        + (options.workloads().size() == Workload.values().length
            ? ""
            : " --workloads "
                + String.join(",", options.workloads().stream().map(Workload::key).toList()));
  }

  /// The command of an adapter with names instead of folders.
  private static String shown(List<String> command) {
    List<String> words = new ArrayList<>(command);
    words.set(0, "java");
    int classPath = words.indexOf("-cp");
    if (classPath >= 0) {
      words.set(classPath + 1, "JARS");
    }
    words.replaceAll(word -> word.startsWith("-XX:AOTCache=") ? "-XX:AOTCache=CACHE" : word);
    return String.join(" ", words) + " DATA STORE";
  }

  private static List<String> thisMachine(String commit) {
    Runtime runtime = Runtime.getRuntime();
    List<String> lines = new ArrayList<>();
    lines.add(runtime.availableProcessors() + " processors" + after("/proc/cpuinfo", "model name"));
    lines.add("memory" + after("/proc/meminfo", "MemTotal"));
    lines.add(
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version").replaceAll("^([0-9]+\\.[0-9]+).*", "$1"),
                System.getProperty("os.arch")));
    lines.add(
        "Java %s, %s".formatted(Runtime.version(), System.getProperty("java.vendor.version", "")));
    if (!commit.isEmpty()) {
      lines.add("Quarry at commit " + commit);
    }
    return lines;
  }

  /// What a file of the kernel says after a name, as `: text`; empty where there is no such file.
  private static String after(String file, String name) {
    try (Stream<String> lines = Files.lines(Path.of(file))) {
      return lines
          .filter(line -> line.startsWith(name))
          .map(line -> ": " + line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse("");
    } catch (IOException e) {
      return "";
    }
  }
}
