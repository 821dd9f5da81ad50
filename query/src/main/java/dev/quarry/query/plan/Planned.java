package dev.quarry.query.plan;

/// A plan so far, and the names that are visible behind it.
record Planned(LogicalPlan plan, Scope scope) {}
