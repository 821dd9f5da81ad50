package dev.quarry.query.value;

import dev.quarry.graph.record.PropertySink;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;

/// Takes properties as cells; what they point to is copied into a scratch.
public final class CellSink implements PropertySink {
  private final Scratch scratch;
  private long head;
  private long body;

  public CellSink(Scratch scratch) {
    this.scratch = scratch;
  }

  public long head() {
    return head;
  }

  public long body() {
    return body;
  }

  @Override
  public void absent() {
    head = Cell.NULL;
    body = 0;
  }

  @Override
  public void bool(boolean value) {
    head = Cell.BOOLEAN;
    body = value ? 1 : 0;
  }

  @Override
  public void integer(long value) {
    head = Cell.INTEGER;
    body = value;
  }

  @Override
  public void floating(double value) {
    head = Cell.FLOAT;
    body = Double.doubleToRawLongBits(value);
  }

  @Override
  public void text(long address, int bytes) {
    copy(Cell.STRING, address, bytes);
  }

  @Override
  public void encoded(long address, int bytes) {
    int tag = Memory.getByte(address);
    if (Cell.isEncoded(tag)) {
      copy(tag, address, bytes);
      return;
    }
    byte[] encoded = new byte[bytes];
    Memory.getBytes(address, encoded, 0, bytes);
    long at = scratch.allocate(Cell.BYTES);
    Border.put(ValueCodec.decode(encoded), at, scratch);
    head = Cell.head(at);
    body = Cell.body(at);
  }

  private void copy(int tag, long address, int bytes) {
    head = Cell.head(tag, bytes);
    body = scratch.allocate(bytes);
    Memory.copy(address, body, bytes);
  }
}
