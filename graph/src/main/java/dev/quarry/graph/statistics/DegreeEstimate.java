package dev.quarry.graph.statistics;

import java.util.List;

/// What was found of the degrees of the nodes of an arena, for one type and direction.
///
/// @param type token
/// @param outgoing whether relationships that leave the nodes were counted
/// @param sources how many nodes have any
/// @param maximum the greatest degree that was met
/// @param loops how many relationships join a node with itself
/// @param mayHaveParallels whether two of them may join the same nodes: false only if all were
///   looked at and none did
/// @param histogram nodes by the logarithm of their degree: item i counts those with 2ⁱ to 2ⁱ⁺¹ - 1
public record DegreeEstimate(
    int type,
    boolean outgoing,
    long sources,
    long maximum,
    long loops,
    boolean mayHaveParallels,
    List<Long> histogram) {
  public DegreeEstimate {
    histogram = List.copyOf(histogram);
  }

  /// The expected degree of a node that was reached over one of these relationships: those of high
  /// degree are reached more often. The sum of squares over the sum of degrees; 0 without any.
  public double degreeOfReached() {
    double degrees = 0;
    double squares = 0;
    for (int i = 0; i < histogram.size(); i++) {
      double degree = Math.min(maximum, i == 0 ? 1 : 1.5 * (1L << i));
      degrees += histogram.get(i) * degree;
      squares += histogram.get(i) * degree * degree;
    }
    return degrees == 0 ? 0 : squares / degrees;
  }
}
