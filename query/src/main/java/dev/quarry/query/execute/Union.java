package dev.quarry.query.execute;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Vector;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of several plans, one plan after the other.
final class Union extends Operator {
  private final List<Operator> parts;
  private final List<List<Integer>> sources;
  private final List<Integer> slots;
  private final Batch output;
  private int part;

  Union(
      Execution execution,
      List<Operator> parts,
      List<List<Integer>> sources,
      List<Integer> slots,
      int slotCount) {
    super(execution);
    this.parts = parts;
    this.sources = sources;
    this.slots = slots;
    this.output = execution.newBatch(slotCount);
  }

  @Override
  void open() {
    part = 0;
    parts.getFirst().open();
  }

  @Override
  @Nullable Batch next() {
    while (true) {
      Batch batch = parts.get(part).next();
      if (batch != null) {
        output.begin(batch.size());
        for (int i = 0; i < slots.size(); i++) {
          Vector from = batch.vector(sources.get(part).get(i));
          output.vector(slots.get(i)).copy(from, batch.size());
        }
        output.size(batch.size());
        return output;
      }
      if (part + 1 == parts.size()) {
        return null;
      }
      parts.get(++part).open();
    }
  }
}
