package dev.quarry.query.procedure;

import dev.quarry.graph.GraphWriter;
import dev.quarry.graph.Progress;
import dev.quarry.graph.kernel.Kernel;
import dev.quarry.graph.kernel.NodeCells;
import dev.quarry.graph.kernel.Subgraph;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.query.value.NodeId;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Scratch;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Spliterators;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// One call of an algorithm: runs its kernel on the memory and under the limits of the query, and
/// gives its cells row by row, or writes them to a property. Used by the thread of the query.
final class AlgorithmCall {
  private final CallContext context;
  private final AlgorithmOptions options;
  private final Subgraph part;
  private final Budget account;

  AlgorithmCall(CallContext context, AlgorithmOptions options) {
    this.context = context;
    this.options = options;
    this.part = options.part(context.reading().catalog());
    this.account = context.account().child("algorithm");
  }

  /// What becomes of the cell at a position; null for a node without a value.
  interface Value extends BiFunction<NodeCells, Long, @Nullable Object> {}

  AlgorithmOptions options() {
    return options;
  }

  Reading reading() {
    return context.reading();
  }

  /// Runs a kernel for one number.
  <T> T run(Function<Kernel, T> work) {
    try {
      return inKernel(work);
    } finally {
      account.close();
    }
  }

  /// Memory for a result that lives as long as its rows.
  Scratch newScratch() {
    return context.memory().scratch(account);
  }

  private <T> T inKernel(Function<Kernel, T> work) {
    Kernel.Setting setting =
        new Kernel.Setting(
            context.reading(),
            context.memory(),
            account,
            options.threads(context.mostThreads()),
            context::check,
            Progress.NONE);
    try (Kernel kernel = new Kernel(setting, part)) {
      return work.apply(kernel);
    }
  }

  /// Runs a kernel whose result gives rows until it is closed.
  <C extends AutoCloseable> Stream<List<@Nullable Object>> rows(
      Function<Kernel, C> work, Function<C, Iterator<List<@Nullable Object>>> rows) {
    C cells = owned(work);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(rows.apply(cells), 0), false)
        .onClose(() -> giveBack(cells));
  }

  /// A row for each node with a value.
  Stream<List<@Nullable Object>> nodeRows(Function<Kernel, NodeCells> work, Value value) {
    return rows(work, cells -> new NodeRows(cells, value));
  }

  /// Writes the value of each node that has one to a property.
  ///
  /// @return one row: how many nodes that are
  Stream<List<@Nullable Object>> write(
      String property, Function<Kernel, NodeCells> work, Value value) {
    NodeCells cells = owned(work);
    try {
      GraphWriter writer = context.writer();
      long written = 0;
      for (long at = cells.next(0); at >= 0; at = cells.next(at + 1)) {
        Object found = value.apply(cells, at);
        if (found != null) {
          long node = cells.positions().node(at);
          writer.setProperty(context.reading().handle(node), property, found);
          written++;
        }
        context.check();
      }
      return Stream.of(Arrays.<@Nullable Object>asList(written));
    } finally {
      giveBack(cells);
    }
  }

  private <C> C owned(Function<Kernel, C> work) {
    try {
      return inKernel(work);
    } catch (Throwable thrown) {
      account.close();
      throw thrown;
    }
  }

  private void giveBack(AutoCloseable cells) {
    try {
      cells.close();
    } catch (Exception never) {
      throw new IllegalStateException(never);
    }
    account.close();
  }

  /// The rows of a result by node.
  private static final class NodeRows implements Iterator<List<@Nullable Object>> {
    private final NodeCells cells;
    private final Value value;
    private long at = -1;
    private @Nullable Object next;

    NodeRows(NodeCells cells, Value value) {
      this.cells = cells;
      this.value = value;
      advance();
    }

    private void advance() {
      next = null;
      do {
        at = cells.next(at + 1);
        next = at < 0 ? null : value.apply(cells, at);
      } while (at >= 0 && next == null);
    }

    @Override
    public boolean hasNext() {
      return at >= 0;
    }

    @Override
    public List<@Nullable Object> next() {
      if (at < 0) {
        throw new NoSuchElementException();
      }
      List<@Nullable Object> row = Arrays.asList(new NodeId(cells.positions().node(at)), next);
      advance();
      return row;
    }
  }
}
