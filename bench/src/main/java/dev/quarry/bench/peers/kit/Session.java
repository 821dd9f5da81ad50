package dev.quarry.bench.peers.kit;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/// The adapter's end of the conversation with the driver: lines of requests on standard input, one
/// line of a reply for each on standard output.
///
/// ```text
/// describe           @reply <version> durable=1|0 database=1|0 about=<configuration>
/// load               @reply <nodes>:<relationships> time=<nanoseconds>
/// open               @reply <sum of one look-up> time=<nanoseconds>
/// run <key> <round> <milliseconds>
///                    @reply <answer> <measure>=<number> ..., of what reads the mean of all times
///                    until then
/// count              @reply <relationships>
/// visit <folder>     @reply <relationships>, of another store, which is opened and closed
/// memory             @reply - anon=<bytes> peak=<bytes>
///
/// instead of any     @failed <message>         @absent <reason>, where a peer does not offer it
/// ```
///
/// Fields are separated by a space and written as in URLs. What a peer prints itself goes to
/// standard error, and lines without `@` are passed over, since native code may print where it
/// likes.
public final class Session {
  private final Peer peer;
  private final DataSet data;
  private final Path folder;
  private final PrintStream replies;
  private PeerStore store;

  @SuppressWarnings("NullAway.Init")
  private Session(Peer peer, DataSet data, Path folder, PrintStream replies) {
    this.peer = peer;
    this.data = data;
    this.folder = folder;
    this.replies = replies;
  }

  /// Answers requests until standard input ends.
  ///
  /// @param arguments the folder of the data, the folder of the store
  public static void serve(Peer peer, String[] arguments) throws Exception {
    PrintStream replies = System.out;
    System.setOut(System.err);
    DataSet data = DataSet.open(Path.of(arguments[0]));
    Session session = new Session(peer, data, Path.of(arguments[1]), replies);
    try (BufferedReader requests = new BufferedReader(new InputStreamReader(System.in))) {
      for (String line = requests.readLine(); line != null; line = requests.readLine()) {
        session.answer(line.split(" "));
      }
    }
    session.close();
    System.exit(0); // a peer may leave threads behind
  }

  private void answer(String[] request) {
    try {
      switch (request[0]) {
        case "describe" -> describe();
        case "load" -> load();
        case "open" -> open();
        case "run" -> run(Workload.of(request[1]), request[2], request[3]);
        case "count" -> reply("" + store.relationships(), Map.of());
        case "visit" -> visit(Path.of(URLDecoder.decode(request[1], StandardCharsets.UTF_8)));
        case "memory" -> reply("-", memory());
        default -> throw new IllegalArgumentException("no such request: " + request[0]);
      }
    } catch (Throwable e) { // whatever it is, the driver should know, and go on
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      if (cause instanceof NotOffered) {
        replies.println("@absent " + encoded(cause.getMessage()));
      } else {
        cause.printStackTrace();
        replies.println("@failed " + encoded(cause.toString()));
      }
    }
  }

  private void describe() {
    replies.println(
        "@reply "
            + encoded(peer.version())
            + " durable="
            + (peer.loadsDurably() ? 1 : 0)
            + " database="
            + (peer.isDatabase() ? 1 : 0)
            + " about="
            + encoded(peer.configuration()));
  }

  private void load() throws Exception {
    Trial trial = new Trial(Duration.ZERO);
    trial.time(
        1,
        () -> {
          peer.load(data, folder);
          return true;
        });
    trial.measures().putAll(memory());
    try (PeerStore loaded = peer.open(data, folder)) {
      reply(loaded.nodes() + ":" + loaded.relationships(), trial.measures());
    }
  }

  private void open() throws Exception {
    close();
    Trial trial = new Trial(Duration.ZERO);
    int[] ids = data.ids("open", 0, 1);
    String answer =
        trial.time(
            1,
            () -> {
              store = peer.open(data, folder);
              return "" + store.lookUp(ids);
            });
    reply(answer, trial.measures());
  }

  private void visit(Path other) throws Exception {
    try (PeerStore visited = peer.open(data, other)) {
      reply("" + visited.relationships(), Map.of());
    }
  }

  private void run(Workload workload, String round, String milliseconds) throws Exception {
    Trial trial = new Trial(Duration.ofMillis(Long.parseLong(milliseconds)));
    reply(workload.run(store, data, Integer.parseInt(round), trial), trial.measures());
  }

  private void close() throws Exception {
    if (store != null) {
      store.close();
      store = null;
    }
  }

  private void reply(String answer, Map<String, Double> measures) {
    StringBuilder line = new StringBuilder("@reply ").append(encoded(answer));
    measures.forEach(
        (name, value) -> line.append(' ').append(encoded(name)).append('=').append(value));
    replies.println(line);
  }

  private static String encoded(String text) {
    return text == null ? "-" : URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /// Of this process, in bytes: memory that belongs to no file, now, and the most that was
  /// resident.
  private static Map<String, Double> memory() throws IOException {
    Map<String, Double> bytes = new LinkedHashMap<>();
    Path status = Path.of("/proc/self/status");
    if (Files.exists(status)) {
      for (String line : Files.readAllLines(status)) {
        if (line.startsWith("RssAnon:")) {
          bytes.put("anon", kilobytes(line));
        } else if (line.startsWith("VmHWM:")) {
          bytes.put("peak", kilobytes(line));
        }
      }
    }
    return bytes;
  }

  private static double kilobytes(String line) {
    return 1024.0 * Long.parseLong(line.replaceAll("[^0-9]", ""));
  }
}
