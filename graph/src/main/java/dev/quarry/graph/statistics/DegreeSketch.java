package dev.quarry.graph.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Gathers the degrees of one type and direction, node by node. Used by one thread.
public final class DegreeSketch {
  /// The most neighbours of a node that are held to look for parallels among them.
  private static final int MOST_HELD = 4_096;

  private final int type;
  private final boolean outgoing;
  private final long[] histogram = new long[64];
  private long sources;
  private long relationships; // of nodes that are complete
  private long maximum;
  private long loops;
  private boolean parallels;
  private long[] held = new long[16];
  private long degree;
  private boolean ascending;
  private long last;

  public DegreeSketch(int type, boolean outgoing) {
    this.type = type;
    this.outgoing = outgoing;
  }

  public int type() {
    return type;
  }

  public boolean isOutgoing() {
    return outgoing;
  }

  /// How many relationships the nodes have whose last one was taken.
  public long relationships() {
    return relationships;
  }

  /// Takes all relationships of a node, of which there is at least one; [#addEnds] says what else
  /// is known of them.
  public void addNode(long degree) {
    count(degree);
  }

  /// Says of all relationships that came by [#addNode(long)] where they end.
  ///
  /// @param ofAll how many of them are loops
  /// @param repeats whether any two of them join the same nodes
  public void addEnds(long ofAll, boolean repeats) {
    loops += ofAll;
    parallels |= repeats;
  }

  private void count(long degree) {
    sources++;
    relationships += degree;
    maximum = Math.max(maximum, degree);
    histogram[63 - Long.numberOfLeadingZeros(degree)]++;
  }

  /// Takes a relationship of the node at hand.
  ///
  /// @return whether it is the first one of the node
  public boolean add(long node, long neighbour) {
    ascending = degree == 0 || ascending && neighbour > last;
    last = neighbour;
    loops += neighbour == node ? 1 : 0;
    if (!parallels && degree < MOST_HELD) {
      if (degree == held.length) {
        held = Arrays.copyOf(held, held.length * 2);
      }
      held[(int) degree] = neighbour;
    }
    return degree++ == 0;
  }

  /// Takes all relationships of a node, of which there is at least one.
  public void addNode(long node, long[] neighbours, int count) {
    for (int i = 0; i < count; i++) {
      add(node, neighbours[i]);
    }
    endNode();
  }

  /// All relationships of the node at hand were taken.
  public void endNode() {
    count(degree);
    if (!parallels && !ascending) {
      parallels = degree > MOST_HELD || repeats();
    }
    degree = 0;
  }

  private boolean repeats() {
    Arrays.sort(held, 0, (int) degree);
    for (int i = 1; i < degree; i++) {
      if (held[i] == held[i - 1]) {
        return true;
      }
    }
    return false;
  }

  /// What was found.
  ///
  /// @param scale how many nodes there are for each one that was looked at
  /// @param whole whether all relationships of all nodes were taken
  public DegreeEstimate estimate(double scale, boolean whole) {
    List<Long> scaled = new ArrayList<>();
    for (int i = 0; i < histogram.length && maximum >>> i != 0; i++) {
      scaled.add(Math.round(histogram[i] * scale));
    }
    return new DegreeEstimate(
        type,
        outgoing,
        Math.round(sources * scale),
        maximum,
        Math.round(loops * scale),
        parallels || !whole,
        scaled);
  }
}
