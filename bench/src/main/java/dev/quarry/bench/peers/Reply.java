package dev.quarry.bench.peers;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// What a contestant said to one request; `kit.Session` has the lines.
sealed interface Reply {
  /// It did it.
  ///
  /// @param measures by name; times are nanoseconds per unit, memory is bytes
  /// @param texts fields that are no numbers, by name
  record Done(String answer, Map<String, Double> measures, Map<String, String> texts)
      implements Reply {}

  /// It tried and could not.
  record Failed(String message) implements Reply {}

  /// It has no way to do this.
  record Absent(String reason) implements Reply {}

  /// Whether a line of a contestant's output is a reply at all.
  static boolean isReply(String line) {
    return line.startsWith("@");
  }

  /// Takes a line apart.
  ///
  /// @throws PeerFailure if it is no reply that was agreed on
  static Reply parse(String line) throws PeerFailure {
    String[] fields = line.split(" ");
    try {
      return switch (fields[0]) {
        case "@reply" -> done(fields);
        case "@failed" -> new Failed(decoded(fields[1]));
        case "@absent" -> new Absent(decoded(fields[1]));
        default -> throw new PeerFailure("spoke another language: " + line);
      };
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new PeerFailure("spoke another language: " + line);
    }
  }

  private static Done done(String[] fields) {
    Map<String, Double> measures = new LinkedHashMap<>();
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 2; i < fields.length; i++) {
      int equals = fields[i].indexOf('=');
      String name = decoded(fields[i].substring(0, equals));
      String value = decoded(fields[i].substring(equals + 1));
      if (name.equals("about")) {
        texts.put(name, value);
      } else {
        double number = Double.parseDouble(value);
        if (!(number >= 0) || Double.isInfinite(number)) {
          throw new IllegalArgumentException(name);
        }
        measures.put(name, number);
      }
    }
    return new Done(decoded(fields[1]), measures, texts);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }
}
