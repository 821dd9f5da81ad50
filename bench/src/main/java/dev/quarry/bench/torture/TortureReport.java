package dev.quarry.bench.torture;

import dev.quarry.storage.torture.Run;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// What came of the runs: a table for people, or JSON.
record TortureReport(List<Run> runs) {
  long violations() {
    return runs.stream().mapToLong(Run::violations).sum();
  }

  /// The names of suites of which no case was run: they show nothing.
  List<String> untried() {
    return runs.stream().filter(run -> run.states() == 0).map(run -> run.suite().name()).toList();
  }

  String table() {
    StringBuilder out = new StringBuilder();
    out.append(
        "| suite | states | distinct points | violations | seconds | core seconds | states per core second | seed | verdict |\n");
    out.append("|---|--:|--:|--:|--:|--:|--:|--:|---|\n");
    for (Run run : runs) {
      out.append(
          String.format(
              Locale.ROOT,
              "| %s | %,d | %,d | %,d | %.1f | %.1f | %,.0f | %d | %s |%n",
              run.suite().name(),
              run.states(),
              run.points(),
              run.violations(),
              run.seconds(),
              run.coreSeconds(),
              run.states() / run.coreSeconds(),
              run.seed(),
              verdict(run)));
    }
    for (Run run : runs) {
      out.append('\n').append(run.suite().name()).append(": ").append(run.suite().promise());
      for (Map.Entry<String, Long> count : run.counts().entrySet()) {
        out.append(String.format(Locale.ROOT, "%n  %,d %s", count.getValue(), count.getKey()));
      }
      for (Run.Failure failure : run.failures()) {
        out.append("\n  VIOLATION ").append(failure.message());
        out.append("\n    ").append(run.replayCommand(failure.caseName()));
      }
      out.append('\n').append(run.suite().details());
    }
    return out.toString();
  }

  private static String verdict(Run run) {
    if (run.violations() > 0) {
      return "BROKEN";
    }
    return run.states() == 0 ? "not tried: more time is needed" : "kept";
  }

  String json() {
    StringBuilder out = new StringBuilder("{\"suites\":[");
    String comma = "";
    for (Run run : runs) {
      out.append(comma)
          .append(
              String.format(
                  Locale.ROOT,
                  "{\"suite\":\"%s\",\"states\":%d,\"points\":%d,\"violations\":%d,"
                      + "\"seconds\":%.3f,\"coreSeconds\":%.3f,\"seed\":%d,\"counts\":{",
                  run.suite().name(),
                  run.states(),
                  run.points(),
                  run.violations(),
                  run.seconds(),
                  run.coreSeconds(),
                  run.seed()));
      String between = "";
      for (Map.Entry<String, Long> count : run.counts().entrySet()) {
        out.append(between).append(quoted(count.getKey())).append(':').append(count.getValue());
        between = ",";
      }
      out.append("},\"failures\":[");
      between = "";
      for (Run.Failure failure : run.failures()) {
        out.append(between)
            .append("{\"message\":")
            .append(quoted(failure.message()))
            .append(",\"replay\":")
            .append(quoted(run.replayCommand(failure.caseName())))
            .append('}');
        between = ",";
      }
      out.append("]}");
      comma = ",";
    }
    return out.append("],\"violations\":").append(violations()).append("}\n").toString();
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ') {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('"').toString();
  }
}
