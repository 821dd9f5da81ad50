package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.LabelExpression;
import dev.quarry.query.syntax.PatternPart;
import dev.quarry.query.syntax.PatternPart.NodePattern;
import dev.quarry.query.syntax.PatternPart.RelationshipPattern;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parts of one MATCH, or of several that are planned together, each with a name, and what the
/// patterns say of them as conditions. Refuses names that stand for different kinds of things.
final class NamedPattern {
  private final PlanContext context;
  private final Scope scope;
  private final Map<String, NodePattern> nodes = new LinkedHashMap<>();
  private final List<Step> steps = new ArrayList<>();
  private final List<PathPattern> paths = new ArrayList<>();
  private final List<Expression> written = new ArrayList<>();
  private final Map<String, List<String>> labels = new LinkedHashMap<>();
  private final List<Set<String>> nodesOfClauses = new ArrayList<>();

  /// A relationship of the pattern.
  ///
  /// @param index its place in the pattern
  /// @param clause the place of its MATCH, whose relationships differ from each other (rule S19)
  /// @param shortest null, or which search it stands for, which begins when all else is bound
  record Step(
      int index,
      int clause,
      String name,
      RelationshipPattern pattern,
      String left,
      String right,
      @Nullable String shortest) {
    /// What its name stands for.
    Scope.Kind kind() {
      return pattern.length() == null ? Scope.Kind.RELATIONSHIP : Scope.Kind.RELATIONSHIPS;
    }
  }

  record PathPattern(String name, List<String> nodes, List<String> relationships) {}

  /// @param scope what is bound before the clause
  NamedPattern(PlanContext context, Scope scope) {
    this.context = context;
    this.scope = scope;
  }

  /// The nodes by name; of several descriptions the first.
  Map<String, NodePattern> nodes() {
    return nodes;
  }

  List<Step> steps() {
    return steps;
  }

  /// Whether no relationship leads to a node, those of shortest paths apart: then it never becomes
  /// bound but by itself.
  boolean isAlone(String node) {
    return steps.stream()
        .filter(step -> step.shortest() == null)
        .noneMatch(step -> step.left().equals(node) || step.right().equals(node));
  }

  List<PathPattern> paths() {
    return paths;
  }

  /// What labels, properties and WHERE inside of the pattern say.
  List<Expression> conditions() {
    return written;
  }

  /// The labels that a node must have for sure.
  List<String> labels(String node) {
    return labels.getOrDefault(node, List.of());
  }

  /// How many clauses there are.
  int clauses() {
    return nodesOfClauses.size();
  }

  /// The names of the nodes of a clause.
  Set<String> nodesOf(int clause) {
    return nodesOfClauses.get(clause);
  }

  /// Takes the pattern of a clause.
  void add(List<PatternPart> parts) {
    nodesOfClauses.add(new LinkedHashSet<>());
    parts.forEach(this::add);
  }

  private void add(PatternPart part) {
    List<RelationshipPattern> patterns =
        part.shortest() == null
            ? part.relationships()
            : List.of(ShortestPathPlanner.relationship(part));
    List<String> names = new ArrayList<>();
    for (NodePattern node : part.nodes()) {
      names.add(nameNode(node));
    }
    List<String> relationships = new ArrayList<>();
    for (int i = 0; i < patterns.size(); i++) {
      RelationshipPattern pattern = patterns.get(i);
      String name = nameRelationship(pattern);
      relationships.add(name);
      steps.add(
          new Step(
              steps.size(),
              clauses() - 1,
              name,
              pattern,
              names.get(i),
              names.get(i + 1),
              part.shortest()));
    }
    if (part.path() != null) {
      requireNewPath(part);
      paths.add(new PathPattern(part.path(), names, relationships));
    }
  }

  private String nameNode(NodePattern node) {
    String given = node.variable();
    String name = given != null ? given : PlanContext.hidden(context.newSlot());
    if (given != null) {
      requireKind(name, Scope.Kind.NODE, node.span());
      for (Step step : steps) {
        if (step.name().equals(name)) {
          throw conflict(name, Scope.Kind.RELATIONSHIP, Scope.Kind.NODE, node.span());
        }
      }
    }
    nodes.putIfAbsent(name, node);
    nodesOfClauses.getLast().add(name);
    Expression variable = new Expression.Variable(node.span(), name);
    if (node.labels() != null) {
      if (node.labels() instanceof LabelExpression.And and) {
        and.terms().forEach(term -> noteLabel(name, term));
      } else {
        noteLabel(name, node.labels());
      }
      written.add(new Expression.HasLabels(node.span(), variable, node.labels()));
    }
    addProperties(variable, node.properties());
    written.addAll(Trees.conjuncts(node.where()));
    return name;
  }

  /// A condition that asks for a label is as good as one in the pattern.
  void noteLabel(Expression condition) {
    if (condition instanceof Expression.HasLabels has
        && has.of() instanceof Expression.Variable variable) {
      noteLabel(variable.name(), has.labels());
    }
  }

  private void noteLabel(String node, LabelExpression expression) {
    if (expression instanceof LabelExpression.Name label) {
      labels.computeIfAbsent(node, key -> new ArrayList<>()).add(label.name());
    }
  }

  private String nameRelationship(RelationshipPattern pattern) {
    String name = pattern.variable();
    if (name == null) {
      name = PlanContext.hidden(context.newSlot());
    } else {
      requireRelationship(name, pattern);
    }
    if (pattern.length() == null) {
      addProperties(new Expression.Variable(pattern.span(), name), pattern.properties());
      written.addAll(Trees.conjuncts(pattern.where()));
    } else if (pattern.properties() instanceof Expression.Parameter parameter) {
      throw noParameter(parameter.span());
    } else if (pattern.where() != null) {
      throw PlanContext.notSupported(
          "WHERE inside of a relationship of variable length",
          pattern.span(),
          "use all(r IN relationships WHERE …)");
    }
    return name;
  }

  private void addProperties(Expression of, @Nullable Expression properties) {
    if (properties instanceof Expression.MapLiteral map) {
      for (int i = 0; i < map.keys().size(); i++) {
        Expression value = map.values().get(i);
        Expression property = new Expression.Property(value.span(), of, map.keys().get(i));
        written.add(
            new Expression.Comparison(
                value.span(),
                List.of(property, value),
                List.of(Expression.Comparison.Operator.EQUAL)));
      }
    } else if (properties != null) {
      throw noParameter(properties.span());
    }
  }

  private static SyntaxException noParameter(Span span) {
    return new SyntaxException(
        ErrorCode.INVALID_PARAMETER_USE,
        "a parameter cannot stand for all properties of a pattern",
        span,
        "name the keys, as in {key: $map.key}");
  }

  private void requireKind(String name, Scope.Kind kind, Span span) {
    Scope.Binding binding = scope.find(name);
    if (binding != null && binding.kind() != kind && binding.kind() != Scope.Kind.VALUE) {
      throw conflict(name, binding.kind(), kind, span);
    }
    for (PathPattern path : paths) {
      if (path.name().equals(name)) {
        throw conflict(name, Scope.Kind.PATH, kind, span);
      }
    }
  }

  /// A name that is bound before the clause stands for the same relationship, or the same list of
  /// them, here.
  private void requireRelationship(String name, RelationshipPattern pattern) {
    Span span = pattern.span();
    boolean one = pattern.length() == null;
    if (nodes.containsKey(name)) {
      throw conflict(name, Scope.Kind.NODE, Scope.Kind.RELATIONSHIP, span);
    }
    for (Step step : steps) {
      if (step.name().equals(name)) {
        throw new SyntaxException(
            ErrorCode.RELATIONSHIP_UNIQUENESS_VIOLATION,
            "`" + name + "` stands for two relationships of one pattern",
            span,
            "relationships of one MATCH differ: give each its own name");
      }
    }
    Scope.Binding binding = scope.find(name);
    boolean list = !one && binding != null && binding.kind() == Scope.Kind.LIST;
    if (!list) {
      requireKind(name, one ? Scope.Kind.RELATIONSHIP : Scope.Kind.RELATIONSHIPS, span);
    }
  }

  /// The relationships that are bound before the clause.
  Set<String> given() {
    Set<String> given = new HashSet<>();
    for (Step step : steps) {
      if (scope.find(step.name()) != null) {
        requireGivable(step);
        given.add(step.name());
      }
    }
    return given;
  }

  /// Refuses a relationship that is bound where nothing but its name and types can be asked for.
  private static void requireGivable(Step step) {
    if (step.shortest() != null) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`"
              + step.name()
              + "` is defined already, and "
              + step.shortest()
              + " looks for new ones",
          step.pattern().span(),
          "choose another name");
    }
    if (step.pattern().length() != null && step.pattern().properties() != null) {
      throw PlanContext.notSupported(
          "a map of properties at a list of relationships that is bound",
          step.pattern().span(),
          "use all(r IN " + step.name() + " WHERE …)");
    }
  }

  private static SyntaxException conflict(
      String name, Scope.Kind is, Scope.Kind wanted, Span span) {
    return new SyntaxException(
        ErrorCode.VARIABLE_TYPE_CONFLICT,
        "`" + name + "` is " + is + " and cannot be " + wanted + " too",
        span,
        "choose another name");
  }

  private void requireNewPath(PatternPart part) {
    String name = java.util.Objects.requireNonNull(part.path());
    boolean used =
        scope.find(name) != null
            || nodes.containsKey(name)
            || steps.stream().anyMatch(step -> step.name().equals(name))
            || paths.stream().anyMatch(path -> path.name().equals(name));
    if (used) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`" + name + "` is defined already",
          part.span(),
          "choose another name");
    }
  }

  /// The scope as it will be when all is bound, to check conditions against.
  Scope scopeOfAll() {
    Scope all = scope;
    for (String node : nodes.keySet()) {
      all = all.find(node) == null ? all.with(node, -1, Scope.Kind.NODE) : all;
    }
    for (Step step : steps) {
      all = all.find(step.name()) == null ? all.with(step.name(), -1, step.kind()) : all;
    }
    for (PathPattern path : paths) {
      all = all.with(path.name(), -1, Scope.Kind.PATH);
    }
    return all;
  }
}
