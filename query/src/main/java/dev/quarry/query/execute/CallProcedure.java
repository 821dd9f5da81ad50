package dev.quarry.query.execute;

import dev.quarry.query.plan.LogicalPlan;
import dev.quarry.query.value.Batch;

/// Operators that call a procedure for each row: one hands rows on while the procedure makes them,
/// the other is for procedures that write (rule S27).
final class CallProcedure {
  private CallProcedure() {}

  /// Calls a procedure that only reads.
  static final class Streaming extends FlatMap {
    private final ProcedureCall call;
    private boolean passes;

    Streaming(
        Execution execution,
        Operator input,
        LogicalPlan.CallProcedure plan,
        int[] carried,
        int slotCount) {
      super(execution, input, carried, slotCount);
      this.call = new ProcedureCall(this, plan);
    }

    @Override
    void open() {
      call.abandon();
      super.open();
    }

    @Override
    boolean begin(Batch batch, int row) {
      call.begin(batch, row);
      passes = !call.gives();
      return true;
    }

    @Override
    boolean produce(Batch batch, int row, Batch into, int to) {
      if (call.gives()) {
        return call.next(into, to, values());
      }
      boolean first = passes;
      if (first) {
        drain(call, into, to, this);
      }
      passes = false;
      return first;
    }
  }

  /// Calls a procedure that writes, once all rows are there.
  static final class Writing extends Updating {
    private final ProcedureCall call;

    Writing(
        Execution execution,
        Operator input,
        LogicalPlan.CallProcedure plan,
        int[] carried,
        int[] handedOn,
        int slotCount) {
      super(execution, input, carried, handedOn, slotCount, false);
      this.call = new ProcedureCall(this, plan);
    }

    @Override
    void open() {
      call.abandon();
      super.open();
    }

    @Override
    void update() {
      call.begin(work, 0);
      if (call.gives()) {
        while (call.next(work, 0, values())) {
          handOn();
          forgetValues();
        }
      } else {
        drain(call, work, 0, this);
        handOn();
      }
    }
  }

  /// Runs a call that gives nothing to its end.
  private static void drain(ProcedureCall call, Batch batch, int row, Operator operator) {
    while (call.next(batch, row, operator.values())) {
      // a row without values
    }
  }
}
