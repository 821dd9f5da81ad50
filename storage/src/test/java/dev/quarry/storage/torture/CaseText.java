package dev.quarry.storage.torture;

import java.util.List;
import java.util.function.Function;

/// The text of a case, which somebody may have typed: parts with a colon in between. What cannot be
/// made of a part raises [NoSuchCase], so that it is told from what a case ends with.
record CaseText(String text, List<String> parts) {
  /// @param count how many parts a case of the suite has
  /// @throws NoSuchCase if it has more or fewer
  static CaseText of(String text, int count) {
    List<String> parts = List.of(text.split(":", -1));
    if (parts.size() != count) {
      throw new NoSuchCase(
          "`%s` is no case: it has %d parts, not %d".formatted(text, parts.size(), count));
    }
    return new CaseText(text, parts);
  }

  /// What a part says.
  ///
  /// @param parser raises an unchecked exception for what it does not know, and runs nothing
  /// @throws NoSuchCase if the parser refuses it
  <T> T part(int number, Function<String, T> parser) {
    try {
      return parser.apply(parts.get(number));
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new NoSuchCase(
          "`%s` is no case: nothing is known as its part %d, `%s`"
              .formatted(text, number + 1, parts.get(number)));
    }
  }

  Workload workload(List<Workload> workloads) {
    return part(0, name -> PowerLoss.named(workloads, name));
  }

  long seed() {
    return part(1, Long::parseLong);
  }

  /// Raises [NoSuchCase] unless its suite has such a case.
  void ensure(boolean exists) {
    if (!exists) {
      throw new NoSuchCase("`" + text + "` is no case: there is no such place");
    }
  }
}
