package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// For each row, in order, the matches of a pattern, or what is created for it if there are none
/// (rule S3). It sees what it created for rows before.
///
/// A pattern of one node is looked up in a [MergeTable], made by one scan; any other pattern, few
/// rows, and one node that an index finds run the plan of the match for each row.
final class Merge extends Updating {
  /// For fewer rows than this a scan for each of them is cheaper than a table.
  private static final long FEW_ROWS = 4;

  /// An index that gives more nodes than this for a row is no better than a table.
  private static final double FEW_NODES = 64;

  private final Operator match;
  private final List<Sources.Argument> arguments;
  private final Creator creator;
  private final Changer onCreate;
  private final Changer onMatch;
  private final RowBuffer matches;
  private final @Nullable MergeTable table;
  private final LogicalPlan.Merge plan;
  private boolean usesTable;

  /// @param onCreate for each change what computes the patterns and subqueries of its value
  /// @param onMatch the same
  /// @param matched slots that the match fills
  Merge(
      Execution execution,
      Operator input,
      Operator match,
      List<Sources.Argument> arguments,
      LogicalPlan.Merge plan,
      List<@Nullable Nested> onCreate,
      List<@Nullable Nested> onMatch,
      int[] carried,
      int[] handedOn,
      int[] matched,
      int slotCount) {
    super(execution, input, carried, handedOn, slotCount, false);
    this.match = match;
    this.arguments = arguments;
    this.plan = plan;
    this.creator = new Creator(this, plan.records(), true);
    this.onCreate = new Changer(this, plan.onCreate(), onCreate);
    this.onMatch = new Changer(this, plan.onMatch(), onMatch);
    this.matches = execution.newRowBuffer(matched);
    this.table = MergeTable.of(this, plan);
  }

  @Override
  void begin(long count) {
    usesTable = table != null && count > FEW_ROWS && !isSought(plan.match());
    if (table != null && usesTable) {
      table.scan();
    }
  }

  private static boolean isSought(@Nullable LogicalPlan match) {
    return match instanceof LogicalPlan.SeekNodes seek
        ? seek.seek().rows() <= FEW_NODES
        : match != null && isSought(match.input());
  }

  @Override
  void update() {
    plan.records().forEach(one -> creator.evaluate(one.properties(), work));
    boolean found = table != null && usesTable ? lookUp(table) : match();
    if (!found) {
      creator.create(work);
      if (table != null && usesTable) {
        table.add(work);
      }
      onCreate.change(work);
      handOn();
    }
  }

  private boolean lookUp(MergeTable known) {
    boolean any = false;
    for (long entry = known.first(work); entry != 0; entry = known.next(entry)) {
      known.put(entry, work);
      onMatch.change(work);
      handOn();
      any = true;
    }
    return any;
  }

  /// All matches are found before ON MATCH changes the first: what it writes may be looked for.
  private boolean match() {
    for (Sources.Argument argument : arguments) {
      argument.bind(work, 0, 1);
    }
    matches.clear();
    match.open();
    for (Batch found = match.next(); found != null; found = match.next()) {
      for (int i = 0; i < found.size(); i++) {
        matches.add(found, i);
      }
    }
    matches.rewind();
    boolean any = false;
    while (matches.readInto(work)) {
      onMatch.change(work);
      handOn();
      any = true;
    }
    return any;
  }
}
