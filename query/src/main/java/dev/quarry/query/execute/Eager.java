package dev.quarry.query.execute;

/// Takes all rows of its input before it hands on the first (rule S1).
final class Eager extends Updating {
  Eager(Execution execution, Operator input, int[] carried, int slotCount) {
    super(execution, input, carried, carried, slotCount, false);
  }

  @Override
  void update() {
    handOn();
  }
}
