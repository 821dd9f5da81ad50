package dev.quarry.graph.record;

/// Takes the value of one property without an object for it; exactly one method is called.
public interface PropertySink {
  void absent();

  void bool(boolean value);

  void integer(long value);

  void floating(double value);

  /// A string.
  ///
  /// @param address of its UTF-8 bytes, good until the next read of the graph
  void text(long address, int bytes);

  /// Any other value, with its tag, as [dev.quarry.graph.value.ValueCodec] writes it.
  ///
  /// @param address of its bytes, good until the next read of the graph
  void encoded(long address, int bytes);
}
