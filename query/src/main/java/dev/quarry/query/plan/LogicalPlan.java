package dev.quarry.query.plan;

import dev.quarry.error.Span;
import dev.quarry.graph.Direction;
import dev.quarry.query.procedure.ProcedureDefinition;
import java.util.ArrayList;
import java.util.List;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.SchemaStatement;
import org.jspecify.annotations.Nullable;

/// What to do, step by step; rows flow from the innermost step outwards. Slots are columns of rows.
public sealed interface LogicalPlan {
  /// The step that gives the rows; null for a first step.
  @Nullable LogicalPlan input();

  /// One row without values.
  record Start() implements LogicalPlan {
    @Override
    public @Nullable LogicalPlan input() {
      return null;
    }
  }

  /// The rows of the [Apply] around.
  record Argument() implements LogicalPlan {
    @Override
    public @Nullable LogicalPlan input() {
      return null;
    }
  }

  /// One row with an exact count of the catalog.
  ///
  /// @param slots where it goes, maybe several times
  /// @param label of the nodes that are counted; null for all
  /// @param relationships whether relationships are counted instead
  /// @param types of them; empty for all
  record CountStored(
      List<Integer> slots, @Nullable String label, boolean relationships, List<String> types)
      implements LogicalPlan {
    @Override
    public @Nullable LogicalPlan input() {
      return null;
    }
  }

  /// Makes or drops an index or a constraint; gives no rows.
  record ChangeSchema(SchemaStatement statement) implements LogicalPlan {
    @Override
    public @Nullable LogicalPlan input() {
      return null;
    }
  }

  /// For each row all nodes.
  ///
  /// @param label only nodes with this label; null for all
  record ScanNodes(LogicalPlan input, int slot, @Nullable String label) implements LogicalPlan {}

  /// For each row the nodes whose properties fulfil conditions, which are tested column by column.
  ///
  /// @param label only nodes with this label; null for all
  /// @param conditions of which all must be true
  record ScanColumns(
      LogicalPlan input, int slot, @Nullable String label, List<ColumnCondition> conditions)
      implements LogicalPlan {}

  /// For each row the nodes that an index finds.
  record SeekNodes(LogicalPlan input, int slot, Seek seek) implements LogicalPlan {}

  /// For each row the relationships that an index finds.
  record SeekRelationships(LogicalPlan input, int slot, Seek seek) implements LogicalPlan {}

  record Filter(LogicalPlan input, Bound predicate) implements LogicalPlan {}

  /// For each row the relationships of a node.
  ///
  /// @param relationship slot, -1 if nobody asks for it
  /// @param types names; empty for all
  /// @param into whether the other node is bound already and only tested
  /// @param except relationships of its row that are left out where they are among them; only where
  ///   nobody asks for the relationship, and the other node is not bound
  record Expand(
      LogicalPlan input,
      int from,
      int relationship,
      int to,
      Direction direction,
      List<String> types,
      boolean into,
      List<Ends> except)
      implements LogicalPlan {
    Expand(
        LogicalPlan input,
        int from,
        int relationship,
        int to,
        Direction direction,
        List<String> types,
        boolean into) {
      this(input, from, relationship, to, direction, types, into, List.of());
    }

    /// The same above another plan.
    Expand above(LogicalPlan newInput) {
      return new Expand(newInput, from, relationship, to, direction, types, into, except);
    }

    /// The same, of which some relationships are left out.
    Expand without(List<Ends> newExcept) {
      return new Expand(input, from, relationship, to, direction, types, into, newExcept);
    }
  }

  /// For each row the nodes that are joined with each of several nodes, one row for each
  /// combination of relationships.
  ///
  /// Where it counts them (`product`), one row stands for all combinations with one node, or if the
  /// node is not needed either, for all of its row.
  ///
  /// @param to slot of the nodes that are found
  /// @param sides at least two
  /// @param label that the nodes must have; null for any
  /// @param multiplicity slot that says for how many rows a row stands, -1 if for itself
  /// @param product slot for how many it stands then; -1 if combinations are made
  record Intersect(
      LogicalPlan input,
      int to,
      List<Side> sides,
      List<Different> different,
      @Nullable String label,
      int multiplicity,
      int product)
      implements LogicalPlan {
    Intersect(LogicalPlan input, int to, List<Side> sides, List<Different> different) {
      this(input, to, sides, different, null, -1, -1);
    }

    /// The same above another plan.
    Intersect above(LogicalPlan newInput) {
      return new Intersect(newInput, to, sides, different, label, multiplicity, product);
    }

    /// A node that is bound, and its relationships to those that are found.
    ///
    /// @param relationship slot, -1 if nobody asks for it
    /// @param direction as seen from the node that is bound
    /// @param types names; empty for all
    public record Side(int from, int relationship, Direction direction, List<String> types) {}

    /// Two relationships that must differ (rule S19).
    ///
    /// @param relationship slot of that of a side
    /// @param other slot of that of another side, or of one that is bound already
    /// @param known what is known of one that is bound already if it is not in its slot; else null
    public record Different(int relationship, int other, @Nullable Known known) {
      Different(int relationship, int other) {
        this(relationship, other, null);
      }
    }

    /// A relationship that is bound, and of which the row has the ends only.
    ///
    /// @param from slot of the node that it was found from
    /// @param to slot of its other end
    public record Known(int from, int to, Direction direction, List<String> types) {}
  }

  /// For each row the walks from a node, depth first; no relationship is used twice in a walk.
  ///
  /// @param relationships slot of the list, -1 if nobody asks for it
  /// @param most -1 for no bound
  /// @param reversed whether the walk goes against the order in which the list is written
  /// @param keys names of the properties that every relationship must have
  /// @param values what they must equal
  record ExpandVariable(
      LogicalPlan input,
      int from,
      int relationships,
      int to,
      Direction direction,
      List<String> types,
      boolean into,
      long least,
      long most,
      boolean reversed,
      List<String> keys,
      List<Bound> values)
      implements LogicalPlan {
    /// The same above another plan.
    ExpandVariable above(LogicalPlan newInput) {
      return new ExpandVariable(
          newInput,
          from,
          relationships,
          to,
          direction,
          types,
          into,
          least,
          most,
          reversed,
          keys,
          values);
    }
  }

  /// For each row the nodes to which walks from a node lead, each once, however many walks do (rule
  /// S20); no relationship is used twice in a walk.
  ///
  /// @param into whether the other node is bound already and only tested
  /// @param least 0 or 1
  /// @param most -1 for no bound
  /// @param keys names of the properties that every relationship must have
  /// @param values what they must equal
  record Reach(
      LogicalPlan input,
      int from,
      int to,
      Direction direction,
      List<String> types,
      boolean into,
      long least,
      long most,
      List<String> keys,
      List<Bound> values)
      implements LogicalPlan {}

  /// For each row the ends of a relationship that is bound, or of a chain of them: a row for each
  /// way in which it lies in the pattern.
  ///
  /// @param relationship slot of the relationship or the list
  /// @param leftBound whether the left end is bound already and only tested
  /// @param direction from left to right
  /// @param types names, of which it must have one; empty for all
  /// @param length of a list, null for one relationship
  record RelationshipEnds(
      LogicalPlan input,
      int relationship,
      int left,
      int right,
      boolean leftBound,
      boolean rightBound,
      Direction direction,
      List<String> types,
      PatternPart.@Nullable Length length)
      implements LogicalPlan {}

  /// What every relationship, or every node, of a path must fulfil.
  ///
  /// @param slot where the condition finds the element
  record ElementCondition(int slot, Bound predicate) {}

  /// For each row one or all of the shortest paths between two nodes that are bound.
  ///
  /// @param relationships slot of the list, -1 if nobody asks for it
  /// @param least 0 or 1; with 1 no path joins a node with itself
  /// @param most -1 for no bound
  /// @param all whether all shortest paths are wanted, not one
  record ShortestPath(
      LogicalPlan input,
      int from,
      int relationships,
      int to,
      Direction direction,
      List<String> types,
      long least,
      long most,
      boolean all,
      List<ElementCondition> ofRelationships,
      List<ElementCondition> ofNodes)
      implements LogicalPlan {}

  /// A path of nodes and relationships that are bound.
  ///
  /// @param nodes slots; those behind a list of relationships only tell where it must end
  /// @param relationships slots of relationships or of lists of them
  record BindPath(LogicalPlan input, int slot, List<Integer> nodes, List<Integer> relationships)
      implements LogicalPlan {}

  record Column(int slot, Bound value) {}

  /// More columns.
  record Project(LogicalPlan input, List<Column> columns) implements LogicalPlan {}

  /// @param argument null for `count(*)`
  /// @param parameter a second argument, the same for all rows of a group; null if there is none
  record Aggregation(
      int slot,
      Function function,
      boolean distinct,
      @Nullable Bound argument,
      @Nullable Bound parameter) {}

  /// @param multiplicity slot that says for how many equal rows a row stands; -1 if for itself
  record Aggregate(
      LogicalPlan input, List<Column> keys, List<Aggregation> aggregations, int multiplicity)
      implements LogicalPlan {}

  /// The ends of a relationship that is bound.
  ///
  /// @param source slot of the node that it leaves
  /// @param target slot of the node that it enters
  record Ends(int source, int target) {}

  /// Stands for an [Expand] whose rows nobody tells apart: counts the relationships of a node
  /// instead, and drops rows that have none.
  ///
  /// @param label of the nodes at the other end, null for any
  /// @param except relationships of its row that are not counted where they are among them
  /// @param exceptNodes slots of nodes; what leads to one of them is not counted
  /// @param joined what is asked of the other end besides; null if nothing is
  /// @param optional whether a row without relationships stays, as if it had one (OPTIONAL MATCH)
  /// @param multiplicity slot that says for how many rows a row stands, -1 if for itself
  /// @param product slot for how many it stands then; -1 if that does not matter
  record CountNeighbours(
      LogicalPlan input,
      int from,
      Direction direction,
      List<String> types,
      @Nullable String label,
      List<Ends> except,
      List<Integer> exceptNodes,
      @Nullable JoinedWith joined,
      boolean optional,
      int multiplicity,
      int product)
      implements LogicalPlan {
    /// The same above another plan.
    CountNeighbours above(LogicalPlan newInput) {
      return new CountNeighbours(
          newInput,
          from,
          direction,
          types,
          label,
          except,
          exceptNodes,
          joined,
          optional,
          multiplicity,
          product);
    }

    /// Whether lists are walked, and not only their lengths asked for.
    boolean walks() {
      return !except.isEmpty() || !exceptNodes.isEmpty() || joined != null;
    }

    /// Whether all relationships of one direction count.
    boolean isPlain() {
      return direction != Direction.BOTH && !walks() && !optional;
    }
  }

  /// That a node is joined with another one of its row.
  ///
  /// @param node slot of the other one; null is joined with none
  /// @param direction as seen from the other one
  /// @param types names; empty for all
  /// @param negated that it is not
  record JoinedWith(int node, Direction direction, List<String> types, boolean negated) {}

  /// Tells for each row whether there is a relationship between two nodes; false where one is null.
  ///
  /// @param types names; empty for all
  /// @param slot where the answer goes
  record AreJoined(
      LogicalPlan input, int from, int to, Direction direction, List<String> types, int slot)
      implements LogicalPlan {
    /// The same above another plan.
    AreJoined above(LogicalPlan newInput) {
      return new AreJoined(newInput, from, to, direction, types, slot);
    }
  }

  /// Some of the relationships of a node.
  ///
  /// @param label of the nodes at the other end, null for any
  record Side(Direction direction, List<String> types, @Nullable String label) {}

  /// Counts pairs of relationships of a node, one of each of two sides, that are not the same
  /// relationship (rule S19), and drops rows that have none.
  ///
  /// @param common those of both sides
  /// @param loops whether of these only self-loops are of both sides
  /// @param product slot for how many rows a row stands; -1 if that does not matter
  record CountPairs(
      LogicalPlan input, int from, Side first, Side second, Side common, boolean loops, int product)
      implements LogicalPlan {}

  /// Makes one row of the rows of an expansion that reach the same node: most of them, as many as
  /// it can remember. Only that node is needed above it, and for how many rows each stands.
  ///
  /// @param slot of the node
  /// @param multiplicity slot that says for how many rows a row stands, -1 if for itself
  /// @param sum slot for how many it stands then; -1 if that does not matter
  record Collapse(Expand input, int slot, int multiplicity, int sum) implements LogicalPlan {}

  /// Aggregates of all nodes of a scan that begins with one row, added column by column.
  ///
  /// @param input the scan, or numbers of relationships of its nodes above it
  /// @param aggregations of the node, or of a property of it
  /// @param multiplicity slot that says for how many rows a node stands, -1 if for itself
  record AggregateColumns(LogicalPlan input, List<Aggregation> aggregations, int multiplicity)
      implements LogicalPlan {
    /// What is counted for each node, the innermost step first.
    public List<CountNeighbours> counted() {
      List<CountNeighbours> steps = new ArrayList<>();
      for (LogicalPlan at = input; at instanceof CountNeighbours step; at = step.input()) {
        steps.addFirst(step);
      }
      return steps;
    }

    /// The scan below all of that.
    public ScanColumns scan() {
      LogicalPlan at = input;
      while (at instanceof CountNeighbours step) {
        at = step.input();
      }
      return (ScanColumns) at;
    }
  }

  /// An aggregate whose rows several threads may gather, each those of some pieces of the one scan
  /// at the beginning; see [SharedScan].
  record Gather(Aggregate input) implements LogicalPlan {}

  record Distinct(LogicalPlan input, List<Integer> slots) implements LogicalPlan {}

  record SortKey(Bound value, boolean descending) {}

  /// @param limit how many rows are wanted of the sorted ones; null for all
  record Sort(LogicalPlan input, List<SortKey> keys, @Nullable Bound skip, @Nullable Bound limit)
      implements LogicalPlan {}

  record Skip(LogicalPlan input, Bound count) implements LogicalPlan {}

  record Limit(LogicalPlan input, Bound count) implements LogicalPlan {}

  record Unwind(LogicalPlan input, Bound list, int slot) implements LogicalPlan {}

  /// Runs another plan for the rows of this one; every nested form is one of these (rule S22).
  ///
  /// @param slot where the result of EXISTS, COUNT and COLLECT goes, else -1
  /// @param value slot in the nested plan whose values COLLECT gathers, else -1
  record Apply(LogicalPlan input, LogicalPlan nested, Kind kind, int slot, int value)
      implements LogicalPlan {
    /// The same above another plan.
    Apply above(LogicalPlan newInput) {
      return new Apply(newInput, nested, kind, slot, value);
    }

    /// What becomes of the nested rows of a row.
    public enum Kind {
      JOIN,
      OPTIONAL,
      EXISTS,
      COUNT,
      COLLECT,
      /// Nothing: the nested plan only writes.
      RUN
    }
  }

  /// What is created for a row.
  sealed interface NewRecord {
    /// Where it goes.
    int slot();

    /// A map, null for none; it may ask what was created for the row before.
    @Nullable Bound properties();
  }

  record NewNode(int slot, List<String> labels, @Nullable Bound properties) implements NewRecord {}

  /// @param start slot of the node that it leaves
  record NewRelationship(int slot, String type, int start, int end, @Nullable Bound properties)
      implements NewRecord {}

  /// For each row new nodes and relationships, in order; takes all rows before it writes the first
  /// (rule S1).
  record Create(LogicalPlan input, List<NewRecord> records) implements LogicalPlan {}

  /// All rows before the first is handed on: between a clause that writes and those around it,
  /// where no step does so itself.
  record Eager(LogicalPlan input) implements LogicalPlan {}

  /// One item of SET or REMOVE.
  ///
  /// @param target the entity
  /// @param key of a property, else null
  /// @param labels to add or to remove, else empty
  /// @param value null where something is removed
  /// @param nested computes the patterns and subqueries in the value, when the item's turn comes;
  ///   it reads the row through an [Argument] and gives one row; null if there are none
  record Change(
      Kind kind,
      Bound target,
      @Nullable String key,
      List<String> labels,
      @Nullable Bound value,
      @Nullable LogicalPlan nested) {
    /// What becomes of the entity.
    public enum Kind {
      PROPERTY,
      REPLACE_ALL,
      ADD_ALL,
      ADD_LABELS,
      REMOVE_LABELS
    }
  }

  /// Changes entities row by row, items from left to right, each seeing the one before (rule S2).
  record Set(LogicalPlan input, List<Change> changes) implements LogicalPlan {}

  /// Deletes the entities of all rows together (rule S6).
  record Delete(LogicalPlan input, boolean detach, List<Bound> targets) implements LogicalPlan {}

  /// For each row, in order, the matches of a pattern, or if there are none what is created for it
  /// (rule S3).
  ///
  /// @param match reads the row through an [Argument]
  /// @param records what is created, in the slots that the match would fill
  record Merge(
      LogicalPlan input,
      LogicalPlan match,
      List<NewRecord> records,
      List<Change> onCreate,
      List<Change> onMatch)
      implements LogicalPlan {}

  /// For each row, for each element of a list, runs a plan that writes.
  ///
  /// @param body reads the row and the element through an [Argument]
  record ForEach(LogicalPlan input, Bound list, int slot, LogicalPlan body)
      implements LogicalPlan {}

  /// For each row what a procedure gives; one that gives nothing lets rows pass through. One that
  /// writes takes all rows before it begins with the first (rules S1 and S27).
  ///
  /// @param results which of its results are wanted
  /// @param slots where they go
  /// @param span of the call
  record CallProcedure(
      LogicalPlan input,
      ProcedureDefinition procedure,
      List<Bound> arguments,
      List<Integer> results,
      List<Integer> slots,
      Span span)
      implements LogicalPlan {}

  /// The rows of several plans.
  ///
  /// @param sources for each part the slots of its columns
  /// @param slots where the columns go
  record Union(List<LogicalPlan> parts, List<List<Integer>> sources, List<Integer> slots)
      implements LogicalPlan {
    @Override
    public @Nullable LogicalPlan input() {
      return null;
    }
  }
}
