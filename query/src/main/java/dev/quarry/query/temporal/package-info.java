/// Dates, times and durations: making them of texts and maps, their fields, truncation, differences
/// and arithmetic. Works on `java.time` values and [dev.quarry.graph.CypherDuration]; knows nothing
/// of cells or plans. Rule S16.
///
/// Every failure is a [TemporalException], whose message says what is wrong; who calls knows where.
@NullMarked
package dev.quarry.query.temporal;

import org.jspecify.annotations.NullMarked;
