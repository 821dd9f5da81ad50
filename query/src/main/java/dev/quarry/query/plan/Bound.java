package dev.quarry.query.plan;

import dev.quarry.query.syntax.Expression;

/// An expression and what its names mean.
public record Bound(Expression expression, Scope scope) {}
