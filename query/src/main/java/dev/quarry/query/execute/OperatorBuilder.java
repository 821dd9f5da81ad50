package dev.quarry.query.execute;

import dev.quarry.query.plan.Bound;
import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.plan.Reads;
import dev.quarry.query.plan.Seek;
import dev.quarry.query.plan.Sought;
import dev.quarry.query.plan.StatementPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes operators of a plan, from the top down: each is told which slots are needed above it, so
/// only those are copied.
final class OperatorBuilder {
  private final Execution execution;
  private final int slotCount;
  private final boolean writes;
  private final int numberSlot;
  private List<Sources.Argument> arguments = new ArrayList<>();
  private boolean localAbove = true;
  private @Nullable FirstMatches matches;
  private boolean keptAbove;

  private OperatorBuilder(Execution execution, StatementPlan plan) {
    this.execution = execution;
    this.numberSlot = plan.slotCount();
    this.slotCount = plan.slotCount() + 1;
    this.writes = plan.writes();
  }

  /// Makes operators of parts of the same plan for another execution.
  private OperatorBuilder(Execution execution, OperatorBuilder like) {
    this.execution = execution;
    this.numberSlot = like.numberSlot;
    this.slotCount = like.slotCount;
    this.writes = like.writes;
  }

  static Operator build(StatementPlan plan, Execution execution) {
    OperatorBuilder builder = new OperatorBuilder(execution, plan);
    BitSet needed = builder.noSlots();
    for (int slot : plan.slots()) {
      needed.set(slot);
    }
    return builder.build(plan.plan(), needed);
  }

  private Operator build(LogicalPlan plan, BitSet needed) {
    boolean streams = localAbove && plan instanceof LogicalPlan.Create create && streams(create);
    boolean outside = localAbove;
    boolean kept = keptAbove;
    localAbove &= Reads.isLocal(plan);
    keptAbove &= plan instanceof LogicalPlan.Project || plan instanceof LogicalPlan.BindPath;
    Operator operator = operator(plan, needed, streams);
    if (operator instanceof FlatMap step && matches != null) {
      step.stopAt(matches, numberSlot, kept);
    }
    localAbove = outside;
    keptAbove = kept;
    return operator;
  }

  /// Whether rows may be created while the input goes on: nobody can tell (rule S1).
  private boolean streams(LogicalPlan.Create plan) {
    return execution.mayStreamUpdates() && Reads.isIndependent(plan.input());
  }

  private Operator operator(LogicalPlan plan, BitSet needed, boolean streams) {
    return switch (plan) {
      case LogicalPlan.Start p ->
          execution.morsels() == null
              ? new Sources.Start(execution, slotCount)
              : new Sources.Pieces(execution, execution.morsels(), slotCount);
      case LogicalPlan.Argument p -> argument(needed);
      case LogicalPlan.CountStored p -> new Sources.CountStored(execution, p, slotCount);
      case LogicalPlan.ChangeSchema p -> new ChangeSchema(execution, p.statement());
      case LogicalPlan.SeekNodes p -> seek(p.input(), p.slot(), p.seek(), needed, false);
      case LogicalPlan.SeekRelationships p -> seek(p.input(), p.slot(), p.seek(), needed, true);
      case LogicalPlan.ScanNodes p -> {
        BitSet carried = without(needed, p.slot());
        yield new ScanNodes(
            execution,
            build(p.input(), carried),
            array(carried),
            slotCount,
            p.slot(),
            p.label(),
            morsels(p));
      }
      case LogicalPlan.ScanColumns p -> {
        BitSet carried = without(needed, p.slot());
        yield new ScanColumns(
            execution, build(p.input(), carried), array(carried), slotCount, p, morsels(p));
      }
      case LogicalPlan.AggregateColumns p -> new AggregateColumns(execution, p, slotCount);
      case LogicalPlan.Filter p -> filter(p, needed);
      case LogicalPlan.Expand p -> expand(p, needed, null);
      case LogicalPlan.Intersect p -> intersect(p, needed);
      case LogicalPlan.ExpandVariable p -> expandVariable(p, needed);
      case LogicalPlan.Reach p -> reach(p, needed);
      case LogicalPlan.RelationshipEnds p -> relationshipEnds(p, needed);
      case LogicalPlan.ShortestPath p -> shortestPath(p, needed);
      case LogicalPlan.BindPath p -> {
        BitSet below = without(needed, p.slot());
        p.nodes().forEach(below::set);
        p.relationships().forEach(below::set);
        yield new RowOperators.BindPath(execution, build(p.input(), below), p);
      }
      case LogicalPlan.Project p -> {
        BitSet below = copy(needed);
        p.columns().forEach(column -> below.clear(column.slot()));
        p.columns().forEach(column -> Reads.add(column.value(), below));
        yield new RowOperators.Project(execution, build(p.input(), below), p.columns());
      }
      case LogicalPlan.Aggregate p -> {
        BitSet below = noSlots();
        for (LogicalPlan.Column key : p.keys()) {
          Reads.add(key.value(), below);
        }
        for (LogicalPlan.Aggregation aggregation : p.aggregations()) {
          Reads.add(aggregation.argument(), below);
        }
        add(p.multiplicity(), below);
        yield new Aggregate(execution, build(p.input(), below), p, slotCount);
      }
      case LogicalPlan.Gather p ->
          new Gather(
              execution,
              (Aggregate) build(p.input(), needed),
              p,
              part -> (Aggregate) new OperatorBuilder(part, this).build(p.input(), needed));
      case LogicalPlan.CountNeighbours p -> {
        BitSet below = without(needed, p.product());
        below.set(p.from());
        p.except().forEach(ends -> below.set(ends.source()));
        p.except().forEach(ends -> below.set(ends.target()));
        p.exceptNodes().forEach(below::set);
        add(p.joined() == null ? -1 : p.joined().node(), below);
        add(p.multiplicity(), below);
        yield new CountNeighbours(execution, build(p.input(), below), p);
      }
      case LogicalPlan.AreJoined p -> {
        BitSet below = without(needed, p.slot());
        below.set(p.from());
        below.set(p.to());
        yield new AreJoined(execution, build(p.input(), below), p);
      }
      case LogicalPlan.CountPairs p -> {
        BitSet below = without(needed, p.product());
        below.set(p.from());
        yield new CountPairs(execution, build(p.input(), below), p);
      }
      case LogicalPlan.Collapse p -> collapse(p);
      case LogicalPlan.Distinct p -> {
        BitSet below = copy(needed);
        p.slots().forEach(below::set);
        int[] slots = p.slots().stream().mapToInt(Integer::intValue).toArray();
        yield new Distinct(execution, build(p.input(), below), slots);
      }
      case LogicalPlan.Sort p -> {
        BitSet below = copy(needed);
        p.keys().forEach(key -> Reads.add(key.value(), below));
        Operator input = build(p.input(), below);
        yield new Sort(execution, input, p, array(needed), slotCount, writes);
      }
      case LogicalPlan.Skip p ->
          new RowOperators.Window(execution, build(p.input(), needed), p.count(), null, writes);
      case LogicalPlan.Limit p ->
          new RowOperators.Window(execution, build(p.input(), needed), null, p.count(), writes);
      case LogicalPlan.Unwind p -> {
        BitSet carried = without(needed, p.slot());
        BitSet below = with(carried, p.list());
        yield new Unwind(
            execution, build(p.input(), below), array(carried), slotCount, p.list(), p.slot());
      }
      case LogicalPlan.Apply p -> apply(p, needed);
      case LogicalPlan.Create p -> create(p, needed, streams);
      case LogicalPlan.Eager p ->
          new Eager(execution, build(p.input(), needed), array(needed), slotCount);
      case LogicalPlan.Set p -> set(p, needed);
      case LogicalPlan.Delete p -> delete(p, needed);
      case LogicalPlan.Merge p -> merge(p, needed);
      case LogicalPlan.ForEach p -> forEach(p, needed);
      case LogicalPlan.CallProcedure p -> call(p, needed);
      case LogicalPlan.Union p -> union(p);
    };
  }

  /// What the scan at the beginning goes over in a part of a run; null for all nodes.
  private @Nullable Morsels morsels(LogicalPlan scan) {
    return scan.input() instanceof LogicalPlan.Start ? execution.morsels() : null;
  }

  private Operator argument(BitSet needed) {
    BitSet carried = without(needed, numberSlot);
    Sources.Argument argument =
        new Sources.Argument(execution, array(carried), numberSlot, slotCount);
    arguments.add(argument);
    return argument;
  }

  private Operator seek(
      LogicalPlan input, int slot, Seek seek, BitSet needed, boolean ofRelationships) {
    BitSet carried = without(needed, slot);
    BitSet rechecked = noSlots();
    Reads.add(seek.recheck(), rechecked);
    rechecked.clear(slot);
    BitSet below = copy(carried);
    below.or(rechecked);
    for (Sought sought : seek.sought()) {
      addSought(sought, below);
    }
    Operator rows = build(input, below);
    return ofRelationships
        ? new Seeking.OfRelationships(
            execution, rows, array(carried), slotCount, slot, seek, array(rechecked))
        : new Seeking.OfNodes(
            execution, rows, array(carried), slotCount, slot, seek, array(rechecked));
  }

  private static void addSought(Sought sought, BitSet slots) {
    switch (sought) {
      case Sought.Equal one -> Reads.add(one.value(), slots);
      case Sought.OneOf one -> Reads.add(one.list(), slots);
      case Sought.Prefix one -> Reads.add(one.text(), slots);
      case Sought.Range one -> {
        Reads.add(one.from(), slots);
        Reads.add(one.to(), slots);
      }
    }
  }

  /// A label of the nodes that an expansion leads to is tested by the expansion itself.
  private Operator filter(LogicalPlan.Filter plan, BitSet needed) {
    String label =
        matches == null && plan.input() instanceof LogicalPlan.Expand expand && !expand.into()
            ? Reads.label(plan.predicate(), expand.to())
            : null;
    if (label != null) {
      localAbove &= Reads.isLocal(plan.input());
      return expand((LogicalPlan.Expand) plan.input(), needed, label);
    }
    return new RowOperators.Filter(
        execution, build(plan.input(), with(needed, plan.predicate())), plan.predicate());
  }

  /// @param label of the nodes that it leads to, null for any
  private Operator expand(LogicalPlan.Expand plan, BitSet needed, @Nullable String label) {
    int relationship =
        plan.relationship() >= 0 && needed.get(plan.relationship()) ? plan.relationship() : -1;
    BitSet carried = without(needed, plan.relationship());
    carried.clear(plan.to());
    BitSet below = copy(carried);
    below.set(plan.from());
    for (LogicalPlan.Ends ends : plan.except()) {
      below.set(ends.source());
      below.set(ends.target());
    }
    if (plan.into()) {
      below.set(plan.to());
      return new ExpandInto(
          execution,
          build(plan.input(), below),
          array(carried),
          slotCount,
          plan.from(),
          relationship,
          plan.to(),
          plan.direction(),
          plan.types());
    }
    return new Expand(
        execution,
        build(plan.input(), below),
        array(carried),
        slotCount,
        plan,
        relationship,
        label);
  }

  private Operator collapse(LogicalPlan.Collapse plan) {
    BitSet below = new BitSet();
    below.set(plan.input().from());
    add(plan.multiplicity(), below);
    NeighbourSlices slices =
        new NeighbourSlices(
            execution, build(plan.input().input(), below), plan.input(), plan.multiplicity());
    return plan.sum() >= 0
        ? new Collapse(execution, slices, plan, slotCount)
        : new DropRepeats(execution, slices, plan, slotCount);
  }

  private Operator intersect(LogicalPlan.Intersect plan, BitSet needed) {
    BitSet carried = without(without(needed, plan.to()), plan.product());
    plan.sides().stream()
        .mapToInt(LogicalPlan.Intersect.Side::relationship)
        .filter(slot -> slot >= 0)
        .forEach(carried::clear);
    BitSet below = copy(carried);
    plan.sides().forEach(side -> below.set(side.from()));
    for (LogicalPlan.Intersect.Different pair : plan.different()) {
      LogicalPlan.Intersect.Known known = pair.known();
      below.set(known == null ? pair.other() : known.from());
      below.set(known == null ? pair.other() : known.to());
    }
    plan.sides().stream()
        .mapToInt(LogicalPlan.Intersect.Side::relationship)
        .filter(slot -> slot >= 0)
        .forEach(below::clear);
    add(plan.multiplicity(), below);
    if (plan.product() >= 0 && !needed.get(plan.to())) {
      return new CountIntersect(execution, build(plan.input(), below), plan);
    }
    return new Intersect(
        execution, build(plan.input(), below), array(carried), slotCount, plan, needed);
  }

  private Operator expandVariable(LogicalPlan.ExpandVariable plan, BitSet needed) {
    boolean needsList = plan.relationships() >= 0 && needed.get(plan.relationships());
    BitSet carried = without(needed, plan.relationships());
    carried.clear(plan.to());
    BitSet below = copy(carried);
    below.set(plan.from());
    if (plan.into()) {
      below.set(plan.to());
    }
    plan.values().forEach(value -> Reads.add(value, below));
    return new ExpandVariable(
        execution, build(plan.input(), below), array(carried), slotCount, plan, needsList);
  }

  private Operator reach(LogicalPlan.Reach plan, BitSet needed) {
    BitSet carried = without(needed, plan.to());
    BitSet below = copy(carried);
    below.set(plan.from());
    below.set(plan.to(), plan.to() + 1, plan.into());
    plan.values().forEach(value -> Reads.add(value, below));
    return new Reach(execution, build(plan.input(), below), array(carried), slotCount, plan);
  }

  private Operator relationshipEnds(LogicalPlan.RelationshipEnds plan, BitSet needed) {
    BitSet carried = without(without(needed, plan.left()), plan.right());
    BitSet below = copy(carried);
    below.set(plan.relationship());
    below.set(plan.left(), plan.left() + 1, plan.leftBound());
    below.set(plan.right(), plan.right() + 1, plan.rightBound());
    return new RelationshipEnds(
        execution, build(plan.input(), below), array(carried), slotCount, plan);
  }

  private Operator shortestPath(LogicalPlan.ShortestPath plan, BitSet needed) {
    boolean needsList = plan.relationships() >= 0 && needed.get(plan.relationships());
    BitSet carried = without(needed, plan.relationships());
    BitSet below = copy(carried);
    below.set(plan.from());
    below.set(plan.to());
    addConditions(plan.ofRelationships(), below);
    addConditions(plan.ofNodes(), below);
    return new ShortestPath(
        execution, build(plan.input(), below), array(carried), slotCount, plan, needsList);
  }

  /// Adds what conditions read of the row; the element is put there by the search.
  private static void addConditions(List<LogicalPlan.ElementCondition> conditions, BitSet slots) {
    for (LogicalPlan.ElementCondition condition : conditions) {
      Reads.add(condition.predicate(), slots);
      slots.clear(condition.slot());
    }
  }

  private Operator apply(LogicalPlan.Apply plan, BitSet needed) {
    BitSet produced = Reads.produced(plan.nested());
    boolean runs = plan.kind() == LogicalPlan.Apply.Kind.RUN;
    boolean joins = plan.slot() < 0 && !runs;
    boolean rowByRow = runs || Reads.gathers(plan.nested());
    BitSet nestedNeeds = new BitSet();
    if (joins) {
      nestedNeeds.or(needed);
      nestedNeeds.and(produced);
    } else if (plan.value() >= 0) {
      nestedNeeds.set(plan.value());
    }
    int[] nestedSlots = array(nestedNeeds);
    BitSet inner = copy(nestedNeeds);
    if (!rowByRow) {
      inner.set(numberSlot);
    }
    boolean exists = plan.kind() == LogicalPlan.Apply.Kind.EXISTS;
    FirstMatches first = exists ? new FirstMatches() : null;
    Nested nested = nested(plan.nested(), inner, rowByRow ? null : first);
    BitSet outer = without(needed, plan.slot());
    if (joins) {
      outer.andNot(produced);
    }
    BitSet below = copy(outer);
    nested.addArguments(below);
    return new Apply(
        execution,
        build(plan.input(), below),
        nested.operator(),
        nested.arguments(),
        plan,
        rowByRow,
        numberSlot,
        array(outer),
        nestedSlots,
        first,
        slotCount);
  }

  private Operator create(LogicalPlan.Create plan, BitSet needed, boolean streams) {
    BitSet below = copy(needed);
    addCreated(plan.records(), below);
    plan.records().forEach(created -> below.clear(created.slot()));
    return new Create(
        execution,
        build(plan.input(), below),
        plan,
        array(below),
        array(needed),
        slotCount,
        streams);
  }

  private static void addCreated(List<LogicalPlan.NewRecord> records, BitSet slots) {
    for (LogicalPlan.NewRecord created : records) {
      if (created instanceof LogicalPlan.NewRelationship relationship) {
        slots.set(relationship.start());
        slots.set(relationship.end());
      }
      Reads.add(created.properties(), slots);
    }
  }

  private Operator set(LogicalPlan.Set plan, BitSet needed) {
    BitSet below = copy(needed);
    List<@Nullable Nested> nested = addChanged(plan.changes(), below);
    return new SetProperties(
        execution,
        build(plan.input(), below),
        plan,
        nested,
        array(below),
        array(needed),
        slotCount);
  }

  /// Adds what changes read of the row.
  ///
  /// @return for each of them what computes the patterns and subqueries of its value
  private List<@Nullable Nested> addChanged(List<LogicalPlan.Change> changes, BitSet slots) {
    List<@Nullable Nested> nested = new ArrayList<>();
    for (LogicalPlan.Change change : changes) {
      Reads.add(change.target(), slots);
      BitSet read = new BitSet();
      Reads.add(change.value(), read);
      if (change.nested() == null) {
        slots.or(read);
        nested.add(null);
      } else {
        Nested ofChange = nested(change.nested(), read);
        ofChange.addArguments(slots);
        nested.add(ofChange);
      }
    }
    return nested;
  }

  private Operator delete(LogicalPlan.Delete plan, BitSet needed) {
    BitSet below = copy(needed);
    plan.targets().forEach(target -> Reads.add(target, below));
    return new Delete(
        execution, build(plan.input(), below), plan, array(below), array(needed), slotCount);
  }

  private Operator merge(LogicalPlan.Merge plan, BitSet needed) {
    BitSet produced = Reads.produced(plan.match());
    BitSet used = copy(needed);
    addCreated(plan.records(), used);
    List<@Nullable Nested> onCreate = addChanged(plan.onCreate(), used);
    List<@Nullable Nested> onMatch = addChanged(plan.onMatch(), used);
    BitSet matched = copy(used);
    matched.and(produced);
    Nested match = nested(plan.match(), matched);
    BitSet below = copy(used);
    below.andNot(produced);
    match.addArguments(below);
    return new Merge(
        execution,
        build(plan.input(), below),
        match.operator(),
        match.arguments(),
        plan,
        onCreate,
        onMatch,
        array(below),
        array(needed),
        array(matched),
        slotCount);
  }

  private Operator forEach(LogicalPlan.ForEach plan, BitSet needed) {
    Nested body = nested(plan.body(), new BitSet());
    BitSet below = with(needed, plan.list());
    body.addArguments(below);
    below.clear(plan.slot());
    return new ForEach(
        execution,
        build(plan.input(), below),
        body.operator(),
        body.arguments(),
        plan,
        array(below),
        array(needed),
        slotCount);
  }

  private Operator call(LogicalPlan.CallProcedure plan, BitSet needed) {
    BitSet carried = copy(needed);
    plan.slots().forEach(carried::clear);
    BitSet below = copy(carried);
    plan.arguments().forEach(argument -> Reads.add(argument, below));
    Operator input = build(plan.input(), below);
    return plan.procedure().writes()
        ? new CallProcedure.Writing(execution, input, plan, array(below), array(needed), slotCount)
        : new CallProcedure.Streaming(execution, input, plan, array(carried), slotCount);
  }

  private Nested nested(LogicalPlan plan, BitSet needed) {
    return nested(plan, needed, null);
  }

  /// @param first what the steps of an EXISTS stop at; null where all matches are wanted
  private Nested nested(LogicalPlan plan, BitSet needed, @Nullable FirstMatches first) {
    List<Sources.Argument> outside = arguments;
    boolean outsideLocal = localAbove;
    FirstMatches outsideMatches = matches;
    boolean outsideKept = keptAbove;
    arguments = new ArrayList<>();
    localAbove = false;
    matches = first;
    keptAbove = true;
    Operator operator = build(plan, needed);
    Nested nested = new Nested(operator, arguments);
    arguments = outside;
    localAbove = outsideLocal;
    matches = outsideMatches;
    keptAbove = outsideKept;
    return nested;
  }

  private Operator union(LogicalPlan.Union plan) {
    List<Operator> parts = new ArrayList<>();
    for (int i = 0; i < plan.parts().size(); i++) {
      BitSet needed = new BitSet();
      plan.sources().get(i).forEach(needed::set);
      parts.add(build(plan.parts().get(i), needed));
    }
    return new Union(execution, parts, plan.sources(), plan.slots(), slotCount);
  }

  /// No slots, with room for all: a set that has to grow is copied twice when it is cloned.
  private BitSet noSlots() {
    return new BitSet(slotCount);
  }

  private static BitSet copy(BitSet slots) {
    return (BitSet) slots.clone();
  }

  private static BitSet with(BitSet slots, @Nullable Bound bound) {
    BitSet more = copy(slots);
    Reads.add(bound, more);
    return more;
  }

  private static BitSet without(BitSet slots, int slot) {
    BitSet fewer = copy(slots);
    if (slot >= 0) {
      fewer.clear(slot);
    }
    return fewer;
  }

  private static void add(int slot, BitSet slots) {
    if (slot >= 0) {
      slots.set(slot);
    }
  }

  private static int[] array(BitSet slots) {
    int[] array = new int[slots.cardinality()];
    int count = 0;
    for (int slot = slots.nextSetBit(0); slot >= 0; slot = slots.nextSetBit(slot + 1)) {
      array[count++] = slot;
    }
    return array;
  }
}
