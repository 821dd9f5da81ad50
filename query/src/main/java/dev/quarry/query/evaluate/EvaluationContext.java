package dev.quarry.query.evaluate;

import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.value.Pace;
import dev.quarry.storage.memory.Scratch;
import java.util.Map;

/// What evaluators of one operator work with.
///
/// @param reading the graph
/// @param parameters by name
/// @param constants lives as long as the query
/// @param values lives as long as a batch of the operator
/// @param clock of the statement
/// @param procedures holds the functions that are not part of the language
/// @param pace counts what takes time
public record EvaluationContext(
    Reading reading,
    Map<String, ?> parameters,
    Scratch constants,
    Scratch values,
    StatementClock clock,
    Procedures procedures,
    Pace pace) {}
