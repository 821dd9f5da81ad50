package dev.quarry;

import dev.quarry.graph.GraphReader;
import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.transaction.ReadView;
import dev.quarry.query.plan.Function;
import dev.quarry.query.procedure.CallContext;
import dev.quarry.query.procedure.FunctionDefinition;
import dev.quarry.query.procedure.ProcedureDefinition;
import dev.quarry.query.procedure.Procedures;

/// What applications register, as the engine knows it.
final class Registrations {
  private Registrations() {}

  static ProcedureDefinition of(Procedure procedure) {
    ProcedureSignature signature = procedure.signature();
    return new ProcedureDefinition(
        signature.name(),
        signature.inputs(),
        signature.outputs(),
        ProcedureDefinition.Mode.valueOf(signature.mode().name()),
        (context, arguments) -> procedure.call(new Context(context), arguments));
  }

  static FunctionDefinition of(UserFunction function) {
    FunctionSignature signature = function.signature();
    if (Function.of(signature.name()) != null) {
      throw Procedures.taken("function", signature.name());
    }
    return new FunctionDefinition(
        signature.name(),
        signature.inputs(),
        signature.output(),
        signature.deterministic(),
        function::call);
  }

  /// Hands on; the graph is wrapped, so that a procedure that reads cannot write.
  private record Context(CallContext context) implements ProcedureContext {
    @Override
    public GraphReader graph() {
      return new ReadView(context.reading());
    }

    @Override
    public GraphWriter writer() {
      return context.writer();
    }

    @Override
    public SchemaWriter schema() {
      return context::changeSchema;
    }

    @Override
    public void check() {
      context.check();
    }

    @Override
    public void reserve(long bytes) {
      context.reserve(bytes);
    }

    @Override
    public void release(long bytes) {
      context.release(bytes);
    }
  }
}
