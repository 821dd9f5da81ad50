package dev.quarry.bench.peers;

import dev.quarry.bench.peers.Results.Row;
import java.util.List;
import java.util.regex.Pattern;

/// Why Quarry is not first where it is known not to be: what the other one does or leaves out. Only
/// for what was measured as lost, and looked into.
final class Reasons {
  static final String UNKNOWN = "not looked into yet";

  /// @param rows a pattern for keys of rows
  /// @param peers a pattern for names
  private record Reason(Pattern rows, Pattern peers, String text) {
    Reason(String rows, String peers, String text) {
      this(Pattern.compile(rows), Pattern.compile(peers), text);
    }
  }

  private static final List<Reason> ALL =
      List.of(
          new Reason(
              "batch.*",
              "duckdb",
              "appends rows to a table: it neither looks up nor checks their ends, and makes no lists of neighbours"),
          new Reason(
              "load(-volatile)?",
              "duckdb",
              "keeps pairs in the order of the file, without lists of neighbours; and a load is timed in a new process: with its AOT cache classes come fast, but code is not compiled yet"),
          new Reason(
              "load(-volatile)?",
              "kuzu|arcadedb|tinkergraph|webgraph",
              "a load is timed in a new process: with its AOT cache classes come fast, but code is not compiled yet"),
          new Reason(
              "bytes",
              "duckdb",
              "keeps each pair once, in columns; Quarry has lists in both directions"),
          new Reason(
              "bytes",
              "tinkergraph",
              "a file that is read as a whole when it is opened; nothing can be looked up in it"),
          new Reason("bytes", "webgraph", "compressed lists in one direction, without properties"),
          new Reason(
              "load-peak|anonymous",
              "duckdb|kuzu|tinkergraph|arcadedb|webgraph",
              "most of it is the Java heap, which may grow to 256 MB here before it is collected"),
          new Reason(
              "(paths.*|triangles|scan|group|filter)",
              "duckdb|kuzu",
              "joins and adds up whole columns; Quarry goes from row to row"),
          new Reason(
              "(commit|batch)-async",
              "tinkergraph",
              "objects on the heap, without transactions: nothing is logged or could be taken back"),
          new Reason(
              "(look-up|walk-.)",
              "tinkergraph",
              "the key is the key of a hash table, and neighbours are Java objects that point to each other: no transaction, no copy"),
          new Reason(
              "mixed .* most",
              ".*",
              "a collection of the Java heap stops both threads for 2 to 10 ms, and a thread that compiles takes one of two processors for as long"),
          new Reason(
              "mixed commit p99.*",
              ".*",
              "a thread of the JVM that compiles takes one of two processors for some ms; once all is compiled it is 0.2 ms (peers.md)"),
          new Reason(
              "recovery",
              "kuzu|duckdb|arcadedb|tinkergraph",
              "repeats its log in a new process, whose code is not compiled yet; a warm one repeats 170 MB of it a second or more (recovery.md)"),
          new Reason(
              "read-7",
              "neo4j",
              "half of its time goes into its beginning: the operators of the twelve steps of its plan are made anew for each run"),
          new Reason("lsqb-.*", "duckdb|kuzu", "joins whole columns; Quarry goes from row to row"),
          new Reason(
              "(walk-.|bfs|page-rank|wcc|scan)",
              "webgraph",
              "lists in memory that cannot change: no properties, transactions or checks"));

  private Reasons() {}

  /// Why a peer is ahead, or [#UNKNOWN].
  static String of(Row row, String peer) {
    return ALL.stream()
        .filter(
            reason ->
                reason.rows().matcher(row.key()).matches()
                    && reason.peers().matcher(peer).matches())
        .map(Reason::text)
        .findFirst()
        .orElse(UNKNOWN);
  }
}
