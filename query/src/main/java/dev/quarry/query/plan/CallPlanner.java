package dev.quarry.query.plan;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.ProcedureException;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.ValueType;
import dev.quarry.query.procedure.ProcedureDefinition;
import dev.quarry.query.procedure.Procedures;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.Suggestion;
import java.util.ArrayList;
import java.util.List;

/// Plans CALL of a procedure.
///
/// As the whole statement it may take its arguments from the parameters, and without YIELD it
/// returns all that the procedure gives. Inside of a query both are written out.
final class CallPlanner {
  private final PlanContext context;
  private final SubqueryPlanner subqueries;
  private final Clause.CallProcedure call;
  private final ProcedureDefinition procedure;
  private final boolean standalone;
  private LogicalPlan plan;
  private Scope scope;
  private final List<String> columns = new ArrayList<>();
  private final List<Integer> results = new ArrayList<>();
  private final List<Integer> slots = new ArrayList<>();

  /// @param standalone whether the call is the whole statement
  CallPlanner(
      PlanContext context,
      SubqueryPlanner subqueries,
      Clause.CallProcedure call,
      boolean standalone,
      Planned before) {
    this.context = context;
    this.subqueries = subqueries;
    this.call = call;
    this.standalone = standalone;
    this.procedure = find(context.procedures(), call);
    this.plan = before.plan();
    this.scope = before.scope();
  }

  /// The procedure of a call.
  ///
  /// @throws ProcedureException if there is none
  private static ProcedureDefinition find(Procedures procedures, Clause.CallProcedure call) {
    ProcedureDefinition procedure = procedures.procedure(call.name());
    if (procedure == null) {
      String near = Suggestion.of(call.name(), procedures.procedureNames());
      throw new ProcedureException(
          ErrorCode.PROCEDURE_NOT_FOUND,
          "there is no procedure `" + call.name() + "`",
          call.span(),
          near == null ? "procedures are registered per open store" : near,
          null);
    }
    return procedure;
  }

  /// Whether the procedure may change the graph.
  boolean writes() {
    return procedure.writes();
  }

  /// What the call gives, in order, if it is the whole statement.
  List<String> columns() {
    return columns;
  }

  Planned plan() {
    List<Bound> bound = bound(arguments());
    nameResults();
    plan = new LogicalPlan.CallProcedure(plan, procedure, bound, results, slots, call.span());
    if (call.where() != null) {
      context.check(call.where(), scope, "in WHERE");
      SubqueryPlanner.Extracted extracted =
          subqueries.extract(call.where(), new Planned(plan, scope));
      plan =
          new LogicalPlan.Filter(
              extracted.plan(), new Bound(extracted.expression(), extracted.scope()));
    }
    return new Planned(plan, scope);
  }

  private List<Expression> arguments() {
    List<Expression> arguments = call.arguments();
    if (arguments == null) {
      if (!standalone && !procedure.inputs().isEmpty()) {
        throw new SyntaxException(
            ErrorCode.INVALID_ARGUMENT_PASSING_MODE,
            "inside of a query the arguments of `" + procedure.name() + "` must be written out",
            call.span(),
            "it is called as " + Signatures.text(procedure.name(), procedure.inputs()));
      }
      arguments = new ArrayList<>();
      for (ValueType.Named input : procedure.inputs()) {
        arguments.add(new Expression.Parameter(call.span(), input.name()));
      }
    }
    Signatures.requireCount(
        procedure.name(), procedure.inputs(), procedure.endsWithOptions(), arguments, call.span());
    if (arguments.size() < procedure.inputs().size()) {
      arguments = new ArrayList<>(arguments);
      arguments.add(new Expression.MapLiteral(call.span(), List.of(), List.of()));
    }
    Signatures.requireTypes(procedure.name(), procedure.inputs(), arguments);
    return arguments;
  }

  private List<Bound> bound(List<Expression> arguments) {
    List<Expression> left = new ArrayList<>();
    Scope inner = scope;
    for (Expression argument : arguments) {
      context.check(argument, scope, "as an argument of a procedure");
      SubqueryPlanner.Extracted extracted = subqueries.extract(argument, new Planned(plan, inner));
      plan = extracted.plan();
      inner = extracted.scope();
      left.add(extracted.expression());
    }
    Scope visible = inner;
    return left.stream().map(argument -> new Bound(argument, visible)).toList();
  }

  /// Gives names to what the procedure gives.
  private void nameResults() {
    if (!call.yields().isEmpty()) {
      for (int i = 0; i < call.yields().size(); i++) {
        name(output(call.yields().get(i)), call.aliases().get(i));
      }
    } else if (standalone) {
      for (int i = 0; i < procedure.outputs().size(); i++) {
        name(i, procedure.outputs().get(i).name());
      }
    } else if (call.yieldAll()) {
      throw new SyntaxException(
          ErrorCode.INVALID_SYNTAX,
          "YIELD * is allowed only where the call is the whole statement",
          call.span(),
          yieldHint());
    } else if (!procedure.outputs().isEmpty()) {
      throw new SyntaxException(
          ErrorCode.UNDEFINED_VARIABLE,
          "what `" + procedure.name() + "` gives has no names here",
          call.span(),
          yieldHint());
    }
  }

  private String yieldHint() {
    return procedure.outputs().isEmpty()
        ? "it gives nothing; leave YIELD out"
        : "write YIELD "
            + String.join(", ", procedure.outputs().stream().map(ValueType.Named::name).toList());
  }

  private int output(String name) {
    List<String> names = procedure.outputs().stream().map(ValueType.Named::name).toList();
    int output = names.indexOf(name);
    if (output < 0) {
      String near = Suggestion.of(name, names);
      throw new SyntaxException(
          ErrorCode.UNDEFINED_VARIABLE,
          "`" + procedure.name() + "` gives no `" + name + "`",
          call.span(),
          near == null ? yieldHint() : near);
    }
    return output;
  }

  private void name(int output, String name) {
    if (scope.find(name) != null) {
      throw new SyntaxException(
          ErrorCode.VARIABLE_ALREADY_BOUND,
          "`" + name + "` is defined already",
          call.span(),
          "name it otherwise: YIELD … AS …");
    }
    int slot = context.newSlot();
    columns.add(name);
    results.add(output);
    slots.add(slot);
    scope = scope.with(name, slot, kind(procedure.outputs().get(output).type()));
  }

  private static Scope.Kind kind(ValueType type) {
    return switch (type.kind()) {
      case NODE -> Scope.Kind.NODE;
      case RELATIONSHIP -> Scope.Kind.RELATIONSHIP;
      case PATH -> Scope.Kind.PATH;
      default -> Scope.Kind.VALUE;
    };
  }
}
