package dev.quarry.query.plan;

import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.PatternPart;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// How many MATCH clauses that follow each other can be planned as one pattern, so that their order
/// does not bind the plan.
///
/// Relationships of different clauses may be the same (rule S19), which [MatchPlanner] sees to. A
/// clause is the last of its pattern if it says
/// - what is asked anew for each of its rows (rule S16), or runs a plan of its own for each;
/// - a name for a path, or which path is the shortest.
///
/// A clause begins a pattern of its own if it gives a relationship, or a path, the name of anything
/// in those before. A clause that follows relationships of variable length with properties stands
/// alone: values of these must be bound by then.
final class MatchClauses {
  private final PlanContext context;
  private final Set<String> nodes = new HashSet<>();
  private final Set<String> others = new HashSet<>();

  private MatchClauses(PlanContext context) {
    this.context = context;
  }

  /// The clauses from a place on that are planned together, at least one.
  ///
  /// @param from of a MATCH that is not optional
  static List<Clause.Match> together(PlanContext context, List<Clause> clauses, int from) {
    MatchClauses taken = new MatchClauses(context);
    int to = from + 1;
    taken.take((Clause.Match) clauses.get(from));
    while (to < clauses.size()
        && taken.mayGoOn((Clause.Match) clauses.get(to - 1))
        && clauses.get(to) instanceof Clause.Match next
        && taken.mayFollow(next)) {
      taken.take(next);
      to++;
    }
    return clauses.subList(from, to).stream().map(Clause.Match.class::cast).toList();
  }

  /// Notes the names of a clause.
  private void take(Clause.Match clause) {
    nodes(clause).forEach(nodes::add);
    others(clause).forEach(others::add);
  }

  private boolean mayGoOn(Clause.Match clause) {
    return !hasValuedWalks(clause)
        && clause.pattern().stream()
            .allMatch(part -> part.path() == null && part.shortest() == null)
        && conditions(clause)
            .noneMatch(
                condition -> SubqueryPlanner.isNeeded(condition) || context.isVolatile(condition));
  }

  private boolean mayFollow(Clause.Match clause) {
    return !clause.optional()
        && !hasValuedWalks(clause)
        && nodes(clause).noneMatch(others::contains)
        && others(clause).noneMatch(name -> others.contains(name) || nodes.contains(name));
  }

  private static boolean hasValuedWalks(Clause.Match clause) {
    return relationships(clause).anyMatch(one -> one.length() != null && one.properties() != null);
  }

  private static Stream<String> nodes(Clause.Match clause) {
    return clause.pattern().stream()
        .flatMap(part -> part.nodes().stream())
        .map(PatternPart.NodePattern::variable)
        .filter(Objects::nonNull);
  }

  /// The names of relationships and paths.
  private static Stream<String> others(Clause.Match clause) {
    return Stream.concat(
            relationships(clause).map(PatternPart.RelationshipPattern::variable),
            clause.pattern().stream().map(PatternPart::path))
        .filter(Objects::nonNull);
  }

  private static Stream<PatternPart.RelationshipPattern> relationships(Clause.Match clause) {
    return clause.pattern().stream().flatMap(part -> part.relationships().stream());
  }

  /// All that a clause says in expressions.
  private static Stream<Expression> conditions(Clause.Match clause) {
    Stream<@Nullable Expression> ofNodes =
        clause.pattern().stream()
            .flatMap(part -> part.nodes().stream())
            .flatMap(node -> Stream.of(node.properties(), node.where()));
    Stream<@Nullable Expression> ofRelationships =
        relationships(clause).flatMap(one -> Stream.of(one.properties(), one.where()));
    return Stream.concat(Stream.of(clause.where()), Stream.concat(ofNodes, ofRelationships))
        .filter(Objects::nonNull);
  }
}
