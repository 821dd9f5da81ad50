package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.Workload;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Has the JVM of each contestant start with an AOT cache, as an application that starts often
/// would: with classes that are loaded and linked already, and with profiles of what was hot.
///
/// Each one makes its own, in a small run of its own: it opens a store whose process was killed,
/// loads a small graph, opens it, and is asked for everything, reads for 300 ms each, since
/// profiles of less leave short reads slow for all that follows. Whoever comes to no cache that its
/// JVM then takes goes without, and the report says so (JEP 483, JEP 514, JEP 515).
final class AotCaches {
  private static final int SCALE = 12;
  private static final int TRAINING_MILLIS = 300;
  private static final List<String> COMMITTING =
      List.of("run commit 0 0", "run batch 0 0", "run commit 1 0", "run batch 1 0");

  /// For each request, and for the end, at which the cache is written.
  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Path folder;
  private final DataSet data;
  private final List<Workload> workloads;
  private final List<String> without = new ArrayList<>();

  /// @param folder for data, stores and caches
  AotCaches(Path folder, List<Workload> workloads) throws IOException {
    this.folder = folder;
    this.workloads = workloads;
    this.data = Generator.write(SCALE, 1, folder.resolve("data"));
  }

  /// The same contestant with a cache; the one that was given if none came of it.
  Contestant trained(Contestant contestant) throws IOException {
    Path cache = folder.resolve(contestant.name() + ".aot");
    try {
      train(contestant.with("-XX:AOTCacheOutput=" + cache), killed(contestant));
      if (!Files.exists(cache)) {
        throw new PeerFailure("its JVM has written none");
      }
      Contestant with = contestant.with("-XX:AOTMode=on", "-XX:AOTCache=" + cache);
      try (PeerProcess once = start(with)) {
        once.ask("describe", LIMIT); // with this mode a JVM ends that cannot take its cache
      }
      return with;
    } catch (PeerFailure e) {
      without.add(contestant.name() + ": " + e.reason());
      return contestant;
    }
  }

  private void train(Contestant contestant, Path killed) throws PeerFailure, IOException {
    PeerProcess process = start(contestant);
    try {
      if (Files.exists(killed)) {
        process.ask("visit " + URLEncoder.encode(killed.toString(), StandardCharsets.UTF_8), LIMIT);
      }
      for (String request : List.of("load", "open")) {
        if (process.ask(request, LIMIT) instanceof Reply.Failed(String message)) {
          throw new PeerFailure("in its training it failed to " + request + ": " + message);
        }
      }
      for (Workload workload : workloads) {
        process.ask(
            "run " + workload.key() + " 0 " + TRAINING_MILLIS, LIMIT); // whatever comes of it
      }
    } finally {
      process.finish(LIMIT);
    }
  }

  /// A store whose process was killed after it had committed; no such folder for those who have
  /// none.
  private Path killed(Contestant contestant) throws PeerFailure, IOException {
    Path left = folder.resolve(contestant.name() + "-killed");
    Folders.delete(left);
    boolean committed = false;
    try (PeerProcess process = start(contestant)) {
      process.ask("load", LIMIT);
      process.ask("open", LIMIT);
      for (String request : COMMITTING) {
        committed |= process.ask(request, LIMIT) instanceof Reply.Done;
      }
    }
    if (committed) {
      Files.move(folder.resolve(contestant.name()), left);
    }
    return left;
  }

  private PeerProcess start(Contestant contestant) throws PeerFailure, IOException {
    Path store = folder.resolve(contestant.name());
    Folders.delete(store);
    Files.createDirectories(store);
    return new PeerProcess(contestant.command(data.folder(), store), data.folder());
  }

  /// What the report says of them.
  String told() {
    return "every JVM starts with an AOT cache that it has made itself, of opening a store whose process was killed, a load, and one round of each workload, at scale "
        + SCALE
        + (without.isEmpty() ? "" : ", but not " + String.join(", ", without));
  }
}
