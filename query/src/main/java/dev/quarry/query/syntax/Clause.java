package dev.quarry.query.syntax;

import dev.quarry.error.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One step of a query.
public sealed interface Clause {
  Span span();

  /// Whether it changes the graph and does nothing else.
  default boolean updates() {
    return switch (this) {
      case Create c -> true;
      case Merge c -> true;
      case Set c -> true;
      case Remove c -> true;
      case Delete c -> true;
      case ForEach c -> true;
      default -> false;
    };
  }

  record Match(Span span, boolean optional, List<PatternPart> pattern, @Nullable Expression where)
      implements Clause {}

  record Unwind(Span span, Expression list, String variable) implements Clause {}

  /// WITH, and RETURN as the last one.
  record Project(
      Span span,
      boolean last,
      boolean distinct,
      boolean star,
      List<Item> items,
      List<Order> order,
      @Nullable Expression skip,
      @Nullable Expression limit,
      @Nullable Expression where)
      implements Clause {}

  /// @param alias null where none was written
  /// @param text the expression as written
  record Item(Span span, Expression expression, @Nullable String alias, String text) {}

  record Order(Expression expression, boolean descending) {}

  record Create(Span span, List<PatternPart> pattern) implements Clause {}

  record Merge(Span span, PatternPart pattern, List<SetItem> onCreate, List<SetItem> onMatch)
      implements Clause {}

  record Set(Span span, List<SetItem> items) implements Clause {}

  record Remove(Span span, List<SetItem> items) implements Clause {}

  record Delete(Span span, boolean detach, List<Expression> targets) implements Clause {}

  record CallProcedure(
      Span span,
      String name,
      @Nullable List<Expression> arguments,
      boolean yieldAll,
      List<String> yields,
      List<String> aliases,
      @Nullable Expression where)
      implements Clause {}

  record CallSubquery(Span span, Query query, boolean inTransactions) implements Clause {}

  record LoadCsv(
      Span span, boolean headers, Expression from, String variable, @Nullable Expression delimiter)
      implements Clause {}

  record ForEach(Span span, String variable, Expression list, List<Clause> clauses)
      implements Clause {}

  /// One item of SET or REMOVE.
  ///
  /// @param target a property, or a variable
  /// @param labels labels to add or remove, else empty
  /// @param value null where labels are meant or something is removed
  /// @param adds `+=`
  record SetItem(
      Span span,
      Expression target,
      List<String> labels,
      @Nullable Expression value,
      boolean adds) {}
}
