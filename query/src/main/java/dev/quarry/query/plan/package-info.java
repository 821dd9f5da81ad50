/// From the tree of a statement to a plan: names are bound to slots, patterns become expansions.
///
/// Every variable has a *slot*, a column of the rows that flow through the plan; a *scope* says
/// which names are visible and where they lie. A [LogicalPlan] is a tree of sealed records;
/// expressions stay trees of the syntax, each together with its scope. Not here: how a step runs.
@NullMarked
package dev.quarry.query.plan;

import org.jspecify.annotations.NullMarked;
