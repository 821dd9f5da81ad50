package dev.quarry.query.evaluate;

import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import org.jspecify.annotations.Nullable;

/// The elements of the list that an expression gives, for whoever takes them one by one.
///
/// Those of a call of `range` are computed when they are asked for: no list is made, so their
/// number does not matter to the memory of the query. All other lists are made first. The
/// expression may also give null, or what is no list: [#head()] tells.
public final class Elements {
  private final Evaluator list;
  private final @Nullable Range range;

  public Elements(Evaluator list) {
    this.list = list;
    this.range = list instanceof Range computed ? computed : null;
  }

  /// Computes for a row what the elements are.
  public void evaluate(Batch batch, int row) {
    if (range == null) {
      list.evaluate(batch, row);
    } else {
      range.begin(batch, row);
    }
  }

  /// The head of the value, see [Cell].
  public long head() {
    return range == null ? list.head : range.listHead();
  }

  /// The body of a value that is no list.
  public long body() {
    return list.body;
  }

  /// Whether there is null in place of a list.
  public boolean isNull() {
    return range == null && list.isNull();
  }

  /// Whether there is a list; what is neither that nor null has [#head()] and [#body()].
  public boolean isList() {
    return range != null || list.tag() == Cell.LIST;
  }

  /// How many there are, of a list.
  public int size() {
    return Cell.size(head());
  }

  /// Whether they are computed one by one, and take no memory.
  boolean areComputed() {
    return range != null;
  }

  /// The head of one of them.
  public long head(long index) {
    return range == null ? Cell.head(list.body + index * Cell.BYTES) : Cell.INTEGER;
  }

  /// The body of one of them.
  public long body(long index) {
    return range == null ? Cell.body(list.body + index * Cell.BYTES) : range.element(index);
  }
}
