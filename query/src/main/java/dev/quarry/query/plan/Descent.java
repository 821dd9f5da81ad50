package dev.quarry.query.plan;

import dev.quarry.graph.Direction;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The way down from one aggregate or DISTINCT, from step to step, with the slots that are still
/// needed: see [Factorization]. Steps that it does not know end it; they and all below stay as they
/// are.
final class Descent {
  /// Fewer relationships than this that lead to a node, on average, and rows are not collapsed.
  private static final double LEAST_REPEATS = 1.2;

  private final PlanContext context;
  private final boolean counts;
  private final IntersectExpansions intersections;

  /// @param counts whether it matters how often a row occurs
  Descent(PlanContext context, boolean counts) {
    this.context = context;
    this.counts = counts;
    this.intersections = new IntersectExpansions(context);
  }

  /// A plan whose rows stand for several.
  ///
  /// @param multiplicity slot that says for how many, -1 if each for itself
  record Counted(LogicalPlan plan, int multiplicity) {}

  /// The same rows, fewer of which are made.
  ///
  /// @param needed slots that are asked for above
  Counted lower(LogicalPlan plan, BitSet needed) {
    List<Bound> filters = new ArrayList<>();
    LogicalPlan base = Filters.takeOff(plan, filters);
    if (filters.stream().anyMatch(this::isVolatile)) {
      return new Counted(plan, -1);
    }
    Counted lowered =
        switch (base) {
          case LogicalPlan.Expand expand when expand.into() -> into(expand, filters, needed);
          case LogicalPlan.Expand expand when expand.except().isEmpty() ->
              expand(expand, filters, needed);
          case LogicalPlan.Intersect intersect -> intersect(intersect, filters, needed);
          case LogicalPlan.AreJoined test -> joined(test, filters, needed);
          default -> filtered(other(base, with(needed, filters)), filters);
        };
    boolean same = lowered.multiplicity() < 0 && isSame(lowered.plan(), plan, filters.size());
    return same ? new Counted(plan, -1) : lowered;
  }

  /// Whether nothing was rewritten below some filters, so the plan can stay what it is.
  private boolean isSame(LogicalPlan lowered, LogicalPlan plan, int filters) {
    LogicalPlan a = lowered;
    LogicalPlan b = plan;
    for (int i = 0; i < filters; i++) {
      if (!(a instanceof LogicalPlan.Filter above && b instanceof LogicalPlan.Filter was)) {
        return false;
      }
      a = above.input();
      b = was.input();
    }
    return a == b;
  }

  private Counted expand(LogicalPlan.Expand plan, List<Bound> filters, BitSet needed) {
    LogicalPlan reversed = ReversedPath.of(plan, filters, needed, context);
    if (reversed != null) {
      return lower(reversed, needed);
    }
    LeafExpand leaf = LeafExpand.of(plan, filters, needed);
    Counted pairs = leaf == null ? null : pairs(leaf, needed);
    if (pairs != null) {
      return pairs;
    }
    if (leaf != null) {
      return leaf(leaf, needed);
    }
    List<Bound> left = new ArrayList<>(filters);
    LogicalPlan.Expand parted = plan.without(takeDifferences(plan, left, needed));
    BitSet above = with(needed, left);
    Counted turned = turn(plan, left, above);
    String label = TurnedScan.takeLabel(new ArrayList<>(left), plan.to());
    return turned != null ? turned : filtered(collapse(parted, plan, label, above), left);
  }

  private Counted leaf(LeafExpand leaf, BitSet needed) {
    Counted input = lower(leaf.expand().input(), neededBelow(leaf, needed));
    return filtered(count(input, leaf, false), leaf.filters());
  }

  /// The slots that are asked for above a leaf, or by it.
  private static BitSet neededBelow(LeafExpand leaf, BitSet needed) {
    BitSet below = with(needed, leaf.filters());
    below.set(leaf.expand().from());
    leaf.except().forEach(ends -> addEnds(ends, below));
    leaf.exceptNodes().forEach(below::set);
    if (leaf.joined() != null) {
      below.set(leaf.joined().node());
    }
    return below;
  }

  /// A test whether two nodes are joined: where one of them is the end of an expansion that nobody
  /// looks at otherwise, the expansion is counted.
  private Counted joined(LogicalPlan.AreJoined test, List<Bound> filters, BitSet needed) {
    List<Bound> below = new ArrayList<>();
    LogicalPlan base = Filters.takeOff(test.input(), below);
    LeafExpand leaf =
        base instanceof LogicalPlan.Expand expand
                && !expand.into()
                && expand.except().isEmpty()
                && below.stream().noneMatch(this::isVolatile)
            ? LeafExpand.of(expand, test, filters, below, needed)
            : null;
    return leaf != null
        ? leaf(leaf, needed)
        : filtered(other(test, with(needed, filters)), filters);
  }

  /// Takes the conditions that the relationship of an expansion differs from others out of those
  /// above it, if nobody else asks for it and the ends of the others tell.
  ///
  /// @return the ends of the others
  private static List<LogicalPlan.Ends> takeDifferences(
      LogicalPlan.Expand plan, List<Bound> filters, BitSet needed) {
    List<LogicalPlan.Ends> except = new ArrayList<>();
    List<Bound> others = new ArrayList<>();
    for (Bound filter : filters) {
      BitSet reads = with(new BitSet(), List.of(filter));
      if (reads.get(plan.relationship())) {
        List<LogicalPlan.Ends> more = LeafExpand.differing(filter, plan);
        if (more == null || needed.get(plan.relationship())) {
          return List.of();
        }
        except.addAll(more);
      } else {
        others.add(filter);
      }
    }
    filters.clear();
    filters.addAll(others);
    return except;
  }

  /// An expansion between two bound nodes, of which one comes from an expansion to it alone: the
  /// two are an intersection that is counted, if nobody needs that node.
  private Counted into(LogicalPlan.Expand plan, List<Bound> filters, BitSet needed) {
    LogicalPlan fused = counts ? intersections.fuse(plan, filters) : null;
    List<Bound> left = new ArrayList<>();
    if (fused != null
        && Filters.takeOff(fused, left) instanceof LogicalPlan.Intersect intersect
        && left.stream().noneMatch(this::isVolatile)
        && isCounted(intersect, left, needed)) {
      return intersect(intersect, left, needed);
    }
    return filtered(other(plan, with(needed, filters)), filters);
  }

  /// Whether nobody asks for more than a label of the nodes of an intersection.
  private static boolean isCounted(LogicalPlan.Intersect plan, List<Bound> filters, BitSet needed) {
    List<Bound> others = new ArrayList<>(filters);
    LeafExpand.takeOnlyLabel(others, plan.to());
    BitSet reads = with(needed, others);
    return !reads.get(plan.to())
        && plan.sides().stream()
            .noneMatch(side -> side.relationship() >= 0 && reads.get(side.relationship()));
  }

  private Counted count(Counted input, LeafExpand leaf, boolean optional) {
    LogicalPlan.Expand expand = leaf.expand();
    int product = counts ? context.newSlot() : -1;
    LogicalPlan plan =
        new LogicalPlan.CountNeighbours(
            input.plan(),
            expand.from(),
            expand.direction(),
            expand.types(),
            leaf.label(),
            leaf.except(),
            leaf.exceptNodes(),
            leaf.joined(),
            optional,
            input.multiplicity(),
            product);
    return new Counted(plan, product);
  }

  /// Two expansions from one node, to ends that nobody needs, of relationships that must differ;
  /// null if it is anything else.
  private @Nullable Counted pairs(LeafExpand leaf, BitSet needed) {
    List<Bound> filters = new ArrayList<>();
    LogicalPlan base = Filters.takeOff(leaf.expand().input(), filters);
    BitSet above = with(with(needed, leaf.filters()), filters);
    boolean fits =
        filters.stream().noneMatch(this::isVolatile)
            && base instanceof LogicalPlan.Expand first
            && !first.into()
            && first.to() == leaf.expand().from()
            && leaf.exceptNodes().isEmpty()
            && leaf.except().equals(List.of(LeafExpand.ends(first)));
    TurnedScan scan =
        fits ? TurnedScan.of((LogicalPlan.Expand) base, filters, above, context) : null;
    if (scan == null) {
      return null;
    }
    LogicalPlan.Expand expand = leaf.expand();
    LogicalPlan.Side side = scan.side();
    LogicalPlan.Side other = new LogicalPlan.Side(expand.direction(), expand.types(), leaf.label());
    boolean sameLabel = side.label() == null || side.label().equals(other.label());
    if (!sameLabel && other.label() != null) {
      return null;
    }
    Direction direction = side.direction() == Direction.BOTH ? other.direction() : side.direction();
    boolean loops =
        side.direction() != other.direction()
            && side.direction() != Direction.BOTH
            && other.direction() != Direction.BOTH;
    String label = side.label() == null ? other.label() : side.label();
    LogicalPlan.Side common = new LogicalPlan.Side(direction, side.types(), label);
    int product = counts ? context.newSlot() : -1;
    LogicalPlan counted =
        new LogicalPlan.CountPairs(scan.plan(), expand.from(), side, other, common, loops, product);
    return filtered(filtered(new Counted(counted, product), scan.filters()), leaf.filters());
  }

  /// Begins a pattern with its second node, if nobody needs the first.
  private @Nullable Counted turn(LogicalPlan.Expand plan, List<Bound> filters, BitSet needed) {
    TurnedScan scan = TurnedScan.of(plan, filters, needed, context);
    if (scan == null) {
      return null;
    }
    int product = counts ? context.newSlot() : -1;
    LogicalPlan.Side side = scan.side();
    LogicalPlan counted =
        new LogicalPlan.CountNeighbours(
            scan.plan(),
            plan.to(),
            side.direction(),
            side.types(),
            side.label(),
            List.of(),
            List.of(),
            null,
            false,
            -1,
            product);
    return filtered(new Counted(counted, product), scan.filters());
  }

  /// The expansion itself, and one row for each node that it reaches if only that is needed.
  ///
  /// @param was the expansion as it was, to be returned if nothing is rewritten
  /// @param label of those nodes, null for any
  private Counted collapse(
      LogicalPlan.Expand plan, LogicalPlan.Expand was, @Nullable String label, BitSet needed) {
    BitSet below = copy(needed);
    below.clear(plan.to());
    below.clear(plan.relationship());
    boolean alone = below.isEmpty() && !needed.get(plan.relationship());
    below.set(plan.from());
    plan.except().forEach(ends -> addEnds(ends, below));
    Counted input = lower(plan.input(), below);
    boolean same = input.plan() == plan.input() && plan.except().isEmpty();
    LogicalPlan.Expand expanded = same ? was : plan.above(input.plan());
    boolean repeats =
        context.degree(label, plan.types(), plan.direction().reverse(), null) >= LEAST_REPEATS;
    if (!alone || isOneRow(plan.input()) || !repeats || !plan.except().isEmpty()) {
      return new Counted(expanded, input.multiplicity());
    }
    int sum = counts ? context.newSlot() : -1;
    LogicalPlan collapsed =
        new LogicalPlan.Collapse(expanded, plan.to(), input.multiplicity(), sum);
    return new Counted(collapsed, sum);
  }

  /// An intersection counts its combinations, if nobody needs their relationships; and if only a
  /// label of the node is asked for, it counts all of a row.
  private Counted intersect(LogicalPlan.Intersect plan, List<Bound> filters, BitSet needed) {
    BitSet all = with(needed, filters);
    boolean combines =
        !counts
            || plan.sides().stream()
                .anyMatch(side -> side.relationship() >= 0 && all.get(side.relationship()));
    BitSet below = copy(all);
    below.clear(plan.to());
    for (LogicalPlan.Intersect.Side side : plan.sides()) {
      below.set(side.from());
    }
    List<LogicalPlan.Intersect.Different> different =
        combines ? plan.different() : known(plan, all);
    different.forEach(pair -> addOther(pair, below));
    for (LogicalPlan.Intersect.Side side : plan.sides()) {
      if (side.relationship() >= 0) {
        below.clear(side.relationship());
      }
    }
    Counted input = lower(plan.input(), below);
    if (combines) {
      LogicalPlan same = input.plan() == plan.input() ? plan : plan.above(input.plan());
      return filtered(new Counted(same, input.multiplicity()), filters);
    }
    List<Bound> left = new ArrayList<>(filters);
    String label = needed.get(plan.to()) ? null : LeafExpand.takeOnlyLabel(left, plan.to());
    int product = context.newSlot();
    LogicalPlan counted =
        new LogicalPlan.Intersect(
            input.plan(), plan.to(), plan.sides(), different, label, input.multiplicity(), product);
    return filtered(new Counted(counted, product), left);
  }

  /// What must differ, where the one relationship that is bound already is known by its ends.
  ///
  /// Nobody can tell it from others with the same ends and of its types, so any of them may stand
  /// for it; but two that are bound would have to be two of them.
  private static List<LogicalPlan.Intersect.Different> known(
      LogicalPlan.Intersect plan, BitSet needed) {
    List<LogicalPlan.Intersect.Different> pairs = new ArrayList<>();
    int bound = -1;
    for (LogicalPlan.Intersect.Different pair : plan.different()) {
      if (side(plan, pair.other()) != null) {
        pairs.add(pair);
        continue;
      }
      LogicalPlan.Intersect.Side side = side(plan, pair.relationship());
      LogicalPlan.Expand by = LeafExpand.binding(plan.input(), pair.other());
      boolean alone = bound < 0 || bound == pair.other();
      if (side == null
          || by == null
          || !alone
          || needed.get(pair.other())
          || !LeafExpand.isCovered(by, side.direction(), side.types())) {
        return plan.different();
      }
      bound = pair.other();
      LogicalPlan.Intersect.Known known =
          new LogicalPlan.Intersect.Known(by.from(), by.to(), by.direction(), by.types());
      pairs.add(new LogicalPlan.Intersect.Different(pair.relationship(), pair.other(), known));
    }
    return pairs;
  }

  private static LogicalPlan.Intersect.@Nullable Side side(
      LogicalPlan.Intersect plan, int relationship) {
    return plan.sides().stream()
        .filter(side -> side.relationship() == relationship)
        .findFirst()
        .orElse(null);
  }

  private static void addOther(LogicalPlan.Intersect.Different pair, BitSet slots) {
    LogicalPlan.Intersect.Known known = pair.known();
    if (known == null) {
      slots.set(pair.other());
    } else {
      slots.set(known.from());
      slots.set(known.to());
    }
  }

  /// Steps that pass rows on, with more slots or without.
  private Counted other(LogicalPlan plan, BitSet needed) {
    return switch (plan) {
      case LogicalPlan.Project p
          when p.columns().stream().noneMatch(column -> isVolatile(column.value())) -> {
        BitSet below = copy(needed);
        p.columns().forEach(column -> below.clear(column.slot()));
        p.columns().forEach(column -> Reads.add(column.value(), below));
        Counted input = lower(p.input(), below);
        yield above(input, p, new LogicalPlan.Project(input.plan(), p.columns()));
      }
      case LogicalPlan.Expand p -> {
        BitSet below = copy(needed);
        below.clear(p.relationship());
        below.set(p.from());
        below.set(p.to());
        Counted input = lower(p.input(), below);
        yield above(input, p, p.above(input.plan()));
      }
      case LogicalPlan.ScanNodes p when !(p.input() instanceof LogicalPlan.Start) -> {
        BitSet below = copy(needed);
        below.clear(p.slot());
        Counted input = lower(p.input(), below);
        yield above(input, p, new LogicalPlan.ScanNodes(input.plan(), p.slot(), p.label()));
      }
      case LogicalPlan.AreJoined p -> {
        BitSet below = copy(needed);
        below.clear(p.slot());
        below.set(p.from());
        below.set(p.to());
        Counted input = lower(p.input(), below);
        yield above(input, p, p.above(input.plan()));
      }
      case LogicalPlan.Apply p when p.kind() == LogicalPlan.Apply.Kind.OPTIONAL ->
          optional(p, needed);
      case LogicalPlan.Apply p when p.kind() == LogicalPlan.Apply.Kind.EXISTS -> exists(p, needed);
      default -> new Counted(plan, -1);
    };
  }

  /// An optional expansion that nobody looks at.
  private Counted optional(LogicalPlan.Apply plan, BitSet needed) {
    List<Bound> filters = new ArrayList<>();
    LogicalPlan base = Filters.takeOff(plan.nested(), filters);
    LeafExpand leaf =
        base instanceof LogicalPlan.Expand expand
                && !expand.into()
                && expand.input() instanceof LogicalPlan.Argument
            ? LeafExpand.of(expand, filters, needed)
            : null;
    if (leaf == null || !leaf.filters().isEmpty()) {
      return new Counted(plan, -1);
    }
    return counts
        ? count(lower(plan.input(), neededBelow(leaf, needed)), leaf, true)
        : lower(plan.input(), needed);
  }

  /// A row stands for equal ones, so its pattern exists for all of them or none.
  private Counted exists(LogicalPlan.Apply plan, BitSet needed) {
    BitSet below = copy(needed);
    below.clear(plan.slot());
    if (!Reads.addOfPattern(plan.nested(), below)) {
      return new Counted(plan, -1);
    }
    Counted input = lower(plan.input(), below);
    return above(input, plan, plan.above(input.plan()));
  }

  private Counted above(Counted input, LogicalPlan was, LogicalPlan now) {
    return new Counted(input.plan() == was.input() ? was : now, input.multiplicity());
  }

  private Counted filtered(Counted input, List<Bound> filters) {
    return new Counted(Filters.putOn(input.plan(), filters), input.multiplicity());
  }

  private boolean isVolatile(Bound bound) {
    return context.isVolatile(bound.expression());
  }

  /// Whether a plan gives very few rows.
  private static boolean isOneRow(@Nullable LogicalPlan plan) {
    return switch (plan) {
      case LogicalPlan.Start p -> true;
      case LogicalPlan.Argument p -> true;
      case LogicalPlan.SeekNodes p -> isOneRow(p.input());
      case LogicalPlan.Filter p -> isOneRow(p.input());
      case null, default -> false;
    };
  }

  private static void addEnds(LogicalPlan.Ends ends, BitSet slots) {
    slots.set(ends.source());
    slots.set(ends.target());
  }

  private static BitSet with(BitSet slots, List<Bound> filters) {
    BitSet more = copy(slots);
    filters.forEach(filter -> Reads.add(filter, more));
    return more;
  }

  private static BitSet copy(BitSet slots) {
    return (BitSet) slots.clone();
  }
}
