package dev.quarry.query.plan;

import dev.quarry.query.plan.NamedPattern.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// In which order a pattern is matched: where to begin, and which relationship to follow next.
///
/// First an order is taken greedily, clause by clause: a relationship between two bound nodes
/// first, as it only takes rows away; then the one with the least expected fan-out; a new scan only
/// where nothing is connected. Then others are looked for, over the borders of clauses, that are
/// expected to touch fewer than half as many records; estimates are too rough to go by less.
///
/// ```text
/// moves   0        1                     2                           3
///         nothing  begin (country)  ──►  country→city1          ──►  city1→person1     …
///                  begin (person1)  ──►  person1→city1          ──►  …
///                                   └──► person1→person2        ──►  …
/// ```
///
/// The search goes move by move. Of several ways to the same part of the pattern only the cheapest
/// is kept, of all parts of one size no more than [#MOST_PARTIAL], and none that costs as much as
/// the best whole order that is known. So it ends soon, and where the greedy order is good it
/// hardly begins.
///
/// Dynamic programming over parts of a query is that of Selinger et al., *Access path selection in
/// a relational database management system* (1979).
final class PatternOrder {
  /// Of more nodes that no relationship joins it is not tried out with which to begin.
  private static final int MOST_WEIGHED = 8;

  /// How many parts of a pattern, of one size, are looked at further.
  private static final int MOST_PARTIAL = 64;

  /// Longer patterns are matched in the greedy order.
  private static final int MOST_STEPS = 24;

  /// How much less than the greedy order another must cost.
  private static final double WORTH_IT = 0.5;

  /// What a step costs that makes no more rows: less than one that is expected to make none.
  private static final double NO_ROWS = -1e-9;

  /// What comes of one row over walks of a variable length: much.
  private static final double WALKS = 1000;

  private final NamedPattern pattern;
  private final PatternEstimates estimates;
  private final Lookups lookups;
  private final Set<String> before;
  private final Set<String> given;
  private final List<String> nodes;
  private final Map<String, Integer> indexes = new HashMap<>(); // of nodes
  private final List<Step> steps;

  /// What is done next.
  sealed interface Move {
    /// Finds the nodes for one of the pattern, for each row all of them.
    record Begin(String node) implements Move {}

    /// Finds relationships in an index.
    record Seek(Step step) implements Move {}

    /// Goes over a relationship from one that is bound, or both.
    record Follow(Step step) implements Move {}
  }

  /// @param before names that are bound before the pattern
  PatternOrder(
      NamedPattern pattern, PatternEstimates estimates, Lookups lookups, Set<String> before) {
    this.pattern = pattern;
    this.estimates = estimates;
    this.lookups = lookups;
    this.before = before;
    this.given = pattern.given();
    this.nodes = List.copyOf(pattern.nodes().keySet());
    for (int i = 0; i < nodes.size(); i++) {
      indexes.put(nodes.get(i), i);
    }
    this.steps = pattern.steps().stream().filter(step -> step.shortest() == null).toList();
  }

  /// The moves that match all but shortest paths.
  List<Move> find() {
    Partial greedy = greedy();
    Partial best = steps.size() < 2 || steps.size() > MOST_STEPS ? null : cheaper(greedy);
    List<Move> moves = new ArrayList<>();
    for (Partial at = best == null ? greedy : best; at.last != null; at = at.from) {
      moves.addFirst(at.last);
    }
    return moves;
  }

  /// A part of the pattern, and a way to match it.
  private final class Partial implements PatternEstimates.Matched {
    final Parts parts;
    final double rows;
    final double cost;
    final @Nullable Partial from;
    final @Nullable Move last;

    /// @param rows expected
    /// @param cost how many records are expected to be touched
    Partial(Parts parts, double rows, double cost, @Nullable Partial from, @Nullable Move last) {
      this.parts = parts;
      this.rows = rows;
      this.cost = cost;
      this.from = from;
      this.last = last;
    }

    @Override
    public boolean binds(String name) {
      Integer node = indexes.get(name);
      return before.contains(name)
          || (node != null ? parts.nodes.get(node) : isRelationshipBound(name));
    }

    private boolean isRelationshipBound(String name) {
      return steps.stream()
          .filter(step -> step.name().equals(name))
          .anyMatch(step -> follows(step) || parts.sought.get(step.index()));
    }

    @Override
    public boolean follows(Step step) {
      return parts.followed.get(step.index());
    }

    /// Whether a relationship is known, so its ends are.
    boolean isGiven(Step step) {
      return given.contains(step.name()) || parts.sought.get(step.index());
    }
  }

  /// Which parts of a pattern are matched.
  ///
  /// @param sought relationships that an index found
  private record Parts(BitSet nodes, BitSet sought, BitSet followed) {
    /// A copy that can be changed.
    Parts copy() {
      return new Parts((BitSet) nodes.clone(), (BitSet) sought.clone(), (BitSet) followed.clone());
    }
  }

  private Partial nothing() {
    BitSet bound = new BitSet();
    for (int i = 0; i < nodes.size(); i++) {
      bound.set(i, before.contains(nodes.get(i)));
    }
    return new Partial(new Parts(bound, new BitSet(), new BitSet()), 1, 0, null, null);
  }

  // What a move costs.

  private Partial after(Partial at, Move move) {
    Parts parts = at.parts.copy();
    return switch (move) {
      case Move.Begin(String node) -> {
        parts.nodes.set(indexes.get(node));
        SeekPlanner.Choice choice = lookupOf(node, at);
        double found = choice != null ? choice.seek().rows() : estimates.nodes(node, at);
        double touched = choice != null ? found : estimates.labelled(node);
        yield new Partial(parts, at.rows * found, at.cost + at.rows * touched, at, move);
      }
      case Move.Seek(Step step) -> {
        parts.sought.set(step.index());
        double found = soughtRows(step, at);
        yield new Partial(parts, at.rows * found, at.cost + at.rows * found, at, move);
      }
      case Move.Follow(Step step) -> follow(at, step, parts);
    };
  }

  private Partial follow(Partial at, Step step, Parts parts) {
    boolean left = at.binds(step.left());
    boolean right = at.binds(step.right());
    parts.followed.set(step.index());
    parts.nodes.set(indexes.get(step.left()));
    parts.nodes.set(indexes.get(step.right()));
    double touched = 1;
    double kept = 1;
    if (!at.isGiven(step)) {
      String to = left ? step.right() : step.left();
      double reached = walks(step, estimates.degree(step, left, at));
      boolean probes = left && right;
      touched = probes && step.pattern().length() == null ? 1 : reached;
      kept =
          probes
              ? reached / Math.max(1, estimates.labelled(to))
              : reached * estimates.share(to, at);
    }
    return new Partial(
        parts, at.rows * kept, at.cost + at.rows * touched, at, new Move.Follow(step));
  }

  /// What a number of relationships comes to, where they may be walks of a variable length.
  private static double walks(Step step, double relationships) {
    return step.pattern().length() == null ? relationships : WALKS + relationships * WALKS;
  }

  private SeekPlanner.@Nullable Choice lookupOf(String node, Partial at) {
    return lookups.ofNode(node, Scope.EMPTY, at::binds, -1);
  }

  /// How many relationships an index finds; without end if there is none.
  private double soughtRows(Step step, Partial at) {
    SeekPlanner.Choice choice = lookups.ofRelationship(step, Scope.EMPTY, at::binds, -1);
    return choice == null ? Double.MAX_VALUE : choice.seek().rows();
  }

  // The greedy order.

  private Partial greedy() {
    Partial at = nothing();
    for (int clause = 0; clause < pattern.clauses(); clause++) {
      List<Step> left = new ArrayList<>();
      Set<String> alone = new LinkedHashSet<>(pattern.nodesOf(clause));
      for (Step step : steps) {
        if (step.clause() == clause) {
          left.add(step);
          alone.remove(step.left());
          alone.remove(step.right());
        }
      }
      while (!left.isEmpty()) {
        Step next = cheapest(left, at);
        left.remove(next);
        at = after(at, next == null ? cheapestBegin(left, at) : new Move.Follow(next));
      }
      at = beginAlone(alone, at);
    }
    return at;
  }

  private @Nullable Step cheapest(List<Step> candidates, Partial at) {
    Step best = null;
    double bestCost = Double.MAX_VALUE;
    for (Step step : candidates) {
      if (at.isGiven(step)) {
        return step;
      }
      boolean left = at.binds(step.left());
      boolean right = at.binds(step.right());
      if (!left && !right) {
        continue;
      }
      double cost = walks(step, left && right ? NO_ROWS : estimates.fanOut(step, left, at));
      if (cost < bestCost) {
        best = step;
        bestCost = cost;
      }
    }
    return best;
  }

  /// Begins where nothing is bound: with the node, or the relationship of an index, of which there
  /// are fewest.
  private Move cheapestBegin(List<Step> left, Partial at) {
    Move best = new Move.Begin(left.getFirst().left());
    double bestCost = Double.MAX_VALUE;
    for (Step step : left) {
      for (String node : List.of(step.left(), step.right())) {
        double cost = begun(node, at) + (step.pattern().length() == null ? 0 : 1);
        if (cost < bestCost) {
          best = new Move.Begin(node);
          bestCost = cost;
        }
      }
    }
    for (Step step : left) {
      double cost = soughtRows(step, at);
      if (cost < bestCost) {
        best = new Move.Seek(step);
        bestCost = cost;
      }
    }
    return best;
  }

  /// How many nodes are expected where a part of the pattern begins with one.
  private double begun(String node, Partial at) {
    SeekPlanner.Choice choice = lookupOf(node, at);
    return choice != null ? choice.seek().rows() : estimates.nodes(node, at);
  }

  private Partial beginAlone(Set<String> alone, Partial before) {
    Partial at = before;
    alone.removeIf(before::binds);
    while (!alone.isEmpty()) {
      String node = cheapestAlone(alone, at);
      alone.remove(node);
      at = after(at, new Move.Begin(node));
    }
    return at;
  }

  /// Of nodes that no relationship joins, the one to begin with: others may be looked up by its
  /// properties. Without indexes, the first.
  private String cheapestAlone(Set<String> alone, Partial at) {
    String best = alone.iterator().next();
    double bestCost = Double.MAX_VALUE;
    boolean weighs =
        alone.size() > 1
            && alone.size() <= MOST_WEIGHED
            && alone.stream().anyMatch(lookups::isIndexed);
    for (String node : weighs ? alone : Set.<String>of()) {
      Partial with = after(at, new Move.Begin(node));
      double cost = begun(node, at);
      for (String other : alone) {
        cost *= other.equals(node) ? 1 : Math.max(1, begun(other, with));
      }
      if (cost < bestCost) {
        best = node;
        bestCost = cost;
      }
    }
    return best;
  }

  // The search.

  /// The cheapest order, if it is worth to leave the greedy one; else null.
  private @Nullable Partial cheaper(Partial greedy) {
    Partial best = null;
    double most = greedy.cost * WORTH_IT;
    List<Partial> layer = List.of(nothing());
    while (!layer.isEmpty()) {
      Map<Parts, Partial> next = new LinkedHashMap<>();
      for (Partial at : layer) {
        for (Move move : moves(at)) {
          Partial moved = after(at, move);
          if (moved.cost >= most) {
            continue;
          }
          if (isWhole(moved)) {
            best = moved;
            most = moved.cost;
          } else {
            next.merge(moved.parts, moved, (a, b) -> a.cost <= b.cost ? a : b);
          }
        }
      }
      layer =
          next.values().stream()
              .sorted(Comparator.comparingDouble(partial -> partial.cost))
              .limit(MOST_PARTIAL)
              .toList();
    }
    return best;
  }

  private boolean isWhole(Partial at) {
    return at.parts.followed.cardinality() == steps.size()
        && at.parts.nodes.cardinality() == nodes.size();
  }

  private List<Move> moves(Partial at) {
    List<Move> moves = new ArrayList<>();
    for (Step step : steps) {
      if (!at.follows(step)) {
        if (at.isGiven(step)) {
          return List.of(new Move.Follow(step));
        }
        if (at.binds(step.left()) || at.binds(step.right())) {
          moves.add(new Move.Follow(step));
        }
      }
    }
    boolean connected = !moves.isEmpty();
    for (String node : nodes) {
      if (!at.binds(node) && (!connected || pattern.isAlone(node) || lookupOf(node, at) != null)) {
        moves.add(new Move.Begin(node));
      }
    }
    for (Step step : connected ? List.<Step>of() : steps) {
      if (!at.follows(step) && soughtRows(step, at) < Double.MAX_VALUE) {
        moves.add(new Move.Seek(step));
      }
    }
    return moves;
  }
}
