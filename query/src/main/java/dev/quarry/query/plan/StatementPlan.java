package dev.quarry.query.plan;

import java.util.List;

/// A statement, ready to run. Immutable.
///
/// @param columns names of the result
/// @param slots where they lie
/// @param slotCount how many slots rows have
/// @param writes whether it changes the graph
/// @param explain whether only the plan is asked for
public record StatementPlan(
    LogicalPlan plan,
    List<String> columns,
    List<Integer> slots,
    int slotCount,
    boolean writes,
    boolean explain) {}
