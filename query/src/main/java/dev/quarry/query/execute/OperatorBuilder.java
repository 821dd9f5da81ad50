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

/// Finds the [Recipe] of a plan, from the top down: each operator is told which slots are needed
/// above it, so only those are copied.
final class OperatorBuilder {
  private final int slotCount;
  private final boolean writes;
  private final int numberSlot;
  private List<int[]> arguments = new ArrayList<>();
  private boolean localAbove = true;
  private boolean oneMatch;
  private boolean keptAbove;

  private OperatorBuilder(StatementPlan plan) {
    this.numberSlot = plan.slotCount();
    this.slotCount = plan.slotCount() + 1;
    this.writes = plan.writes();
  }

  static Recipe recipe(StatementPlan plan) {
    OperatorBuilder builder = new OperatorBuilder(plan);
    BitSet needed = builder.noSlots();
    plan.slots().forEach(needed::set);
    return builder.build(plan.plan(), needed);
  }

  private Recipe build(LogicalPlan plan, BitSet needed) {
    boolean streams = localAbove && plan instanceof LogicalPlan.Create create && streams(create);
    boolean outside = localAbove;
    boolean kept = keptAbove;
    localAbove &= Reads.isLocal(plan);
    keptAbove &= plan instanceof LogicalPlan.Project || plan instanceof LogicalPlan.BindPath;
    Recipe recipe = recipe(plan, needed, streams);
    localAbove = outside;
    keptAbove = kept;
    return oneMatch ? stopping(recipe, kept) : recipe;
  }

  /// Lets a step of an EXISTS stop at the first match of each argument row.
  private Recipe stopping(Recipe recipe, boolean kept) {
    return making -> {
      Operator operator = recipe.make(making);
      if (operator instanceof FlatMap step) {
        step.stopAt(making.matches(), numberSlot, kept);
      }
      return operator;
    };
  }

  /// Whether rows may be created while the input goes on: nobody can tell (rule S1).
  private boolean streams(LogicalPlan.Create plan) {
    return Reads.isIndependent(plan.input());
  }

  private Recipe recipe(LogicalPlan plan, BitSet needed, boolean streams) {
    return switch (plan) {
      case LogicalPlan.Start p -> this::start;
      case LogicalPlan.Argument p -> argument(needed);
      case LogicalPlan.CountStored p ->
          making -> new Sources.CountStored(making.execution(), p, slotCount);
      case LogicalPlan.ChangeSchema p ->
          making -> new ChangeSchema(making.execution(), p.statement());
      case LogicalPlan.SeekNodes p -> seek(p.input(), p.slot(), p.seek(), needed, false);
      case LogicalPlan.SeekRelationships p -> seek(p.input(), p.slot(), p.seek(), needed, true);
      case LogicalPlan.ScanNodes p -> {
        BitSet below = without(needed, p.slot());
        Recipe input = build(p.input(), below);
        int[] carried = array(below);
        yield making ->
            new ScanNodes(
                making.execution(),
                input.make(making),
                carried,
                slotCount,
                p.slot(),
                p.label(),
                morsels(making, p));
      }
      case LogicalPlan.ScanColumns p -> {
        BitSet below = without(needed, p.slot());
        Recipe input = build(p.input(), below);
        int[] carried = array(below);
        yield making ->
            new ScanColumns(
                making.execution(), input.make(making), carried, slotCount, p, morsels(making, p));
      }
      case LogicalPlan.AggregateColumns p ->
          making -> new AggregateColumns(making.execution(), p, slotCount);
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
        Recipe input = build(p.input(), below);
        yield making -> new RowOperators.BindPath(making.execution(), input.make(making), p);
      }
      case LogicalPlan.Project p -> {
        BitSet below = copy(needed);
        p.columns().forEach(column -> below.clear(column.slot()));
        p.columns().forEach(column -> Reads.add(column.value(), below));
        Recipe input = build(p.input(), below);
        yield making ->
            new RowOperators.Project(making.execution(), input.make(making), p.columns());
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
        Recipe input = build(p.input(), below);
        yield making -> new Aggregate(making.execution(), input.make(making), p, slotCount);
      }
      case LogicalPlan.Gather p -> {
        Recipe rows = build(p.input(), needed);
        yield making ->
            new Gather(
                making.execution(),
                (Aggregate) rows.make(making),
                p,
                part -> (Aggregate) rows.make(new Making(part)));
      }
      case LogicalPlan.CountNeighbours p -> {
        BitSet below = without(needed, p.product());
        below.set(p.from());
        p.except().forEach(ends -> below.set(ends.source()));
        p.except().forEach(ends -> below.set(ends.target()));
        p.exceptNodes().forEach(below::set);
        add(p.joined() == null ? -1 : p.joined().node(), below);
        add(p.multiplicity(), below);
        Recipe input = build(p.input(), below);
        yield making -> new CountNeighbours(making.execution(), input.make(making), p);
      }
      case LogicalPlan.AreJoined p -> {
        BitSet below = without(needed, p.slot());
        below.set(p.from());
        below.set(p.to());
        Recipe input = build(p.input(), below);
        yield making -> new AreJoined(making.execution(), input.make(making), p);
      }
      case LogicalPlan.CountPairs p -> {
        BitSet below = without(needed, p.product());
        below.set(p.from());
        Recipe input = build(p.input(), below);
        yield making -> new CountPairs(making.execution(), input.make(making), p);
      }
      case LogicalPlan.Collapse p -> collapse(p);
      case LogicalPlan.Distinct p -> {
        BitSet below = copy(needed);
        p.slots().forEach(below::set);
        int[] slots = p.slots().stream().mapToInt(Integer::intValue).toArray();
        Recipe input = build(p.input(), below);
        yield making -> new Distinct(making.execution(), input.make(making), slots);
      }
      case LogicalPlan.Sort p -> {
        BitSet below = copy(needed);
        p.keys().forEach(key -> Reads.add(key.value(), below));
        Recipe input = build(p.input(), below);
        int[] kept = array(needed);
        yield making ->
            new Sort(making.execution(), input.make(making), p, kept, slotCount, writes);
      }
      case LogicalPlan.Skip p -> window(p.input(), p.count(), null, needed);
      case LogicalPlan.Limit p -> window(p.input(), null, p.count(), needed);
      case LogicalPlan.Unwind p -> {
        BitSet above = without(needed, p.slot());
        Recipe input = build(p.input(), with(above, p.list()));
        int[] carried = array(above);
        yield making ->
            new Unwind(
                making.execution(), input.make(making), carried, slotCount, p.list(), p.slot());
      }
      case LogicalPlan.Apply p -> apply(p, needed);
      case LogicalPlan.Create p -> create(p, needed, streams);
      case LogicalPlan.Eager p -> {
        Recipe input = build(p.input(), needed);
        int[] kept = array(needed);
        yield making -> new Eager(making.execution(), input.make(making), kept, slotCount);
      }
      case LogicalPlan.Set p -> set(p, needed);
      case LogicalPlan.Delete p -> delete(p, needed);
      case LogicalPlan.Merge p -> merge(p, needed);
      case LogicalPlan.ForEach p -> forEach(p, needed);
      case LogicalPlan.CallProcedure p -> call(p, needed);
      case LogicalPlan.Union p -> union(p);
    };
  }

  private Operator start(Making making) {
    Execution execution = making.execution();
    return execution.morsels() == null
        ? new Sources.Start(execution, slotCount)
        : new Sources.Pieces(execution, execution.morsels(), slotCount);
  }

  /// What the scan at the beginning goes over in a part of a run; null for all nodes.
  private static @Nullable Morsels morsels(Making making, LogicalPlan scan) {
    return scan.input() instanceof LogicalPlan.Start ? making.execution().morsels() : null;
  }

  private Recipe argument(BitSet needed) {
    int[] carried = array(without(needed, numberSlot));
    arguments.add(carried);
    return making ->
        making.add(new Sources.Argument(making.execution(), carried, numberSlot, slotCount));
  }

  private Recipe window(
      LogicalPlan plan, @Nullable Bound skip, @Nullable Bound limit, BitSet needed) {
    Recipe input = build(plan, needed);
    return making ->
        new RowOperators.Window(making.execution(), input.make(making), skip, limit, writes);
  }

  private Recipe seek(
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
    Recipe rows = build(input, below);
    int[] kept = array(carried);
    int[] read = array(rechecked);
    return ofRelationships
        ? making ->
            new Seeking.OfRelationships(
                making.execution(), rows.make(making), kept, slotCount, slot, seek, read)
        : making ->
            new Seeking.OfNodes(
                making.execution(), rows.make(making), kept, slotCount, slot, seek, read);
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
  private Recipe filter(LogicalPlan.Filter plan, BitSet needed) {
    String label =
        !oneMatch && plan.input() instanceof LogicalPlan.Expand expand && !expand.into()
            ? Reads.label(plan.predicate(), expand.to())
            : null;
    if (label != null) {
      localAbove &= Reads.isLocal(plan.input());
      return expand((LogicalPlan.Expand) plan.input(), needed, label);
    }
    Recipe input = build(plan.input(), with(needed, plan.predicate()));
    return making ->
        new RowOperators.Filter(making.execution(), input.make(making), plan.predicate());
  }

  /// @param label of the nodes that it leads to, null for any
  private Recipe expand(LogicalPlan.Expand plan, BitSet needed, @Nullable String label) {
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
    }
    Recipe input = build(plan.input(), below);
    int[] kept = array(carried);
    return plan.into()
        ? making ->
            new ExpandInto(
                making.execution(),
                input.make(making),
                kept,
                slotCount,
                plan.from(),
                relationship,
                plan.to(),
                plan.direction(),
                plan.types())
        : making ->
            new Expand(
                making.execution(), input.make(making), kept, slotCount, plan, relationship, label);
  }

  private Recipe collapse(LogicalPlan.Collapse plan) {
    BitSet below = new BitSet();
    below.set(plan.input().from());
    add(plan.multiplicity(), below);
    Recipe input = build(plan.input().input(), below);
    return making -> {
      Execution execution = making.execution();
      NeighbourSlices slices =
          new NeighbourSlices(execution, input.make(making), plan.input(), plan.multiplicity());
      return plan.sum() >= 0
          ? new Collapse(execution, slices, plan, slotCount)
          : new DropRepeats(execution, slices, plan, slotCount);
    };
  }

  private Recipe intersect(LogicalPlan.Intersect plan, BitSet needed) {
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
    Recipe input = build(plan.input(), below);
    if (plan.product() >= 0 && !needed.get(plan.to())) {
      return making -> new CountIntersect(making.execution(), input.make(making), plan);
    }
    int[] kept = array(carried);
    return making ->
        new Intersect(making.execution(), input.make(making), kept, slotCount, plan, needed);
  }

  private Recipe expandVariable(LogicalPlan.ExpandVariable plan, BitSet needed) {
    boolean needsList = plan.relationships() >= 0 && needed.get(plan.relationships());
    BitSet carried = without(needed, plan.relationships());
    carried.clear(plan.to());
    BitSet below = copy(carried);
    below.set(plan.from());
    if (plan.into()) {
      below.set(plan.to());
    }
    plan.values().forEach(value -> Reads.add(value, below));
    Recipe input = build(plan.input(), below);
    int[] kept = array(carried);
    return making ->
        new ExpandVariable(
            making.execution(), input.make(making), kept, slotCount, plan, needsList);
  }

  private Recipe reach(LogicalPlan.Reach plan, BitSet needed) {
    BitSet carried = without(needed, plan.to());
    BitSet below = copy(carried);
    below.set(plan.from());
    below.set(plan.to(), plan.to() + 1, plan.into());
    plan.values().forEach(value -> Reads.add(value, below));
    Recipe input = build(plan.input(), below);
    int[] kept = array(carried);
    return making -> new Reach(making.execution(), input.make(making), kept, slotCount, plan);
  }

  private Recipe relationshipEnds(LogicalPlan.RelationshipEnds plan, BitSet needed) {
    BitSet carried = without(without(needed, plan.left()), plan.right());
    BitSet below = copy(carried);
    below.set(plan.relationship());
    below.set(plan.left(), plan.left() + 1, plan.leftBound());
    below.set(plan.right(), plan.right() + 1, plan.rightBound());
    Recipe input = build(plan.input(), below);
    int[] kept = array(carried);
    return making ->
        new RelationshipEnds(making.execution(), input.make(making), kept, slotCount, plan);
  }

  private Recipe shortestPath(LogicalPlan.ShortestPath plan, BitSet needed) {
    boolean needsList = plan.relationships() >= 0 && needed.get(plan.relationships());
    BitSet carried = without(needed, plan.relationships());
    BitSet below = copy(carried);
    below.set(plan.from());
    below.set(plan.to());
    addConditions(plan.ofRelationships(), below);
    addConditions(plan.ofNodes(), below);
    Recipe input = build(plan.input(), below);
    int[] kept = array(carried);
    return making ->
        new ShortestPath(making.execution(), input.make(making), kept, slotCount, plan, needsList);
  }

  /// Adds what conditions read of the row; the element is put there by the search.
  private static void addConditions(List<LogicalPlan.ElementCondition> conditions, BitSet slots) {
    for (LogicalPlan.ElementCondition condition : conditions) {
      Reads.add(condition.predicate(), slots);
      slots.clear(condition.slot());
    }
  }

  private Recipe apply(LogicalPlan.Apply plan, BitSet needed) {
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
    NestedRecipe nested = nested(plan.nested(), inner, exists && !rowByRow);
    BitSet outer = without(needed, plan.slot());
    if (joins) {
      outer.andNot(produced);
    }
    BitSet below = copy(outer);
    nested.addArguments(below);
    Recipe input = build(plan.input(), below);
    int[] outerSlots = array(outer);
    return making -> {
      FirstMatches first = exists ? new FirstMatches() : null;
      Nested made = nested.make(making.execution(), first);
      return new Apply(
          making.execution(),
          input.make(making),
          made.operator(),
          made.arguments(),
          plan,
          rowByRow,
          numberSlot,
          outerSlots,
          nestedSlots,
          first,
          slotCount);
    };
  }

  private Recipe create(LogicalPlan.Create plan, BitSet needed, boolean streams) {
    BitSet below = copy(needed);
    addCreated(plan.records(), below);
    plan.records().forEach(created -> below.clear(created.slot()));
    Recipe input = build(plan.input(), below);
    int[] read = array(below);
    int[] kept = array(needed);
    return making ->
        new Create(
            making.execution(),
            input.make(making),
            plan,
            read,
            kept,
            slotCount,
            streams && making.execution().mayStreamUpdates());
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

  private Recipe set(LogicalPlan.Set plan, BitSet needed) {
    BitSet below = copy(needed);
    List<@Nullable NestedRecipe> nested = addChanged(plan.changes(), below);
    Recipe input = build(plan.input(), below);
    int[] read = array(below);
    int[] kept = array(needed);
    return making ->
        new SetProperties(
            making.execution(),
            input.make(making),
            plan,
            make(nested, making),
            read,
            kept,
            slotCount);
  }

  /// Adds what changes read of the row.
  ///
  /// @return for each of them what computes the patterns and subqueries of its value
  private List<@Nullable NestedRecipe> addChanged(List<LogicalPlan.Change> changes, BitSet slots) {
    List<@Nullable NestedRecipe> nested = new ArrayList<>();
    for (LogicalPlan.Change change : changes) {
      Reads.add(change.target(), slots);
      BitSet read = new BitSet();
      Reads.add(change.value(), read);
      if (change.nested() == null) {
        slots.or(read);
        nested.add(null);
      } else {
        NestedRecipe ofChange = nested(change.nested(), read, false);
        ofChange.addArguments(slots);
        nested.add(ofChange);
      }
    }
    return nested;
  }

  private static List<@Nullable Nested> make(List<@Nullable NestedRecipe> recipes, Making making) {
    List<@Nullable Nested> made = new ArrayList<>(recipes.size());
    for (NestedRecipe recipe : recipes) {
      made.add(recipe == null ? null : recipe.make(making.execution()));
    }
    return made;
  }

  private Recipe delete(LogicalPlan.Delete plan, BitSet needed) {
    BitSet below = copy(needed);
    plan.targets().forEach(target -> Reads.add(target, below));
    Recipe input = build(plan.input(), below);
    int[] read = array(below);
    int[] kept = array(needed);
    return making ->
        new Delete(making.execution(), input.make(making), plan, read, kept, slotCount);
  }

  private Recipe merge(LogicalPlan.Merge plan, BitSet needed) {
    BitSet produced = Reads.produced(plan.match());
    BitSet used = copy(needed);
    addCreated(plan.records(), used);
    List<@Nullable NestedRecipe> onCreate = addChanged(plan.onCreate(), used);
    List<@Nullable NestedRecipe> onMatch = addChanged(plan.onMatch(), used);
    BitSet matched = copy(used);
    matched.and(produced);
    NestedRecipe match = nested(plan.match(), matched, false);
    BitSet below = copy(used);
    below.andNot(produced);
    match.addArguments(below);
    Recipe input = build(plan.input(), below);
    int[] read = array(below);
    int[] kept = array(needed);
    int[] ofMatch = array(matched);
    return making -> {
      Nested made = match.make(making.execution());
      return new Merge(
          making.execution(),
          input.make(making),
          made.operator(),
          made.arguments(),
          plan,
          make(onCreate, making),
          make(onMatch, making),
          read,
          kept,
          ofMatch,
          slotCount);
    };
  }

  private Recipe forEach(LogicalPlan.ForEach plan, BitSet needed) {
    NestedRecipe body = nested(plan.body(), new BitSet(), false);
    BitSet below = with(needed, plan.list());
    body.addArguments(below);
    below.clear(plan.slot());
    Recipe input = build(plan.input(), below);
    int[] read = array(below);
    int[] kept = array(needed);
    return making -> {
      Nested made = body.make(making.execution());
      return new ForEach(
          making.execution(),
          input.make(making),
          made.operator(),
          made.arguments(),
          plan,
          read,
          kept,
          slotCount);
    };
  }

  private Recipe call(LogicalPlan.CallProcedure plan, BitSet needed) {
    BitSet carried = copy(needed);
    plan.slots().forEach(carried::clear);
    BitSet below = copy(carried);
    plan.arguments().forEach(argument -> Reads.add(argument, below));
    Recipe input = build(plan.input(), below);
    int[] read = array(below);
    int[] kept = array(plan.procedure().writes() ? needed : carried);
    return plan.procedure().writes()
        ? making ->
            new CallProcedure.Writing(
                making.execution(), input.make(making), plan, read, kept, slotCount)
        : making ->
            new CallProcedure.Streaming(
                making.execution(), input.make(making), plan, kept, slotCount);
  }

  /// @param once whether one match of each argument row is enough
  private NestedRecipe nested(LogicalPlan plan, BitSet needed, boolean once) {
    List<int[]> outside = arguments;
    boolean outsideLocal = localAbove;
    boolean outsideOnce = oneMatch;
    boolean outsideKept = keptAbove;
    arguments = new ArrayList<>();
    localAbove = false;
    oneMatch = once;
    keptAbove = true;
    NestedRecipe nested = new NestedRecipe(build(plan, needed), arguments);
    arguments = outside;
    localAbove = outsideLocal;
    oneMatch = outsideOnce;
    keptAbove = outsideKept;
    return nested;
  }

  private Recipe union(LogicalPlan.Union plan) {
    List<Recipe> parts = new ArrayList<>();
    for (int i = 0; i < plan.parts().size(); i++) {
      BitSet needed = new BitSet();
      plan.sources().get(i).forEach(needed::set);
      parts.add(build(plan.parts().get(i), needed));
    }
    return making ->
        new Union(
            making.execution(),
            parts.stream().map(part -> part.make(making)).toList(),
            plan.sources(),
            plan.slots(),
            slotCount);
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
