package dev.quarry.graph.algorithm;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.kernel.BreadthFirst;
import dev.quarry.graph.kernel.Components;
import dev.quarry.graph.kernel.Kernel;
import dev.quarry.graph.kernel.NodeCells;
import dev.quarry.graph.kernel.PageRank;
import dev.quarry.graph.kernel.Subgraph;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.ReadView;
import dev.quarry.storage.memory.Budget;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// Algorithms over the graph that a read transaction sees, as it lies in the store: nothing is
/// copied or projected before, and nothing on the Java heap grows with the graph.
///
/// ```java
/// GraphAlgorithms people =
///     GraphAlgorithms.over(tx, AlgorithmOptions.defaults().withLabels("Person").withTypes("KNOWS"));
/// try (LongResult hops = people.bfs(start)) {
///   System.out.println(hops.get(other));
/// }
/// ```
///
/// Used by the thread that uses the transaction, which waits until a run is done; the work itself
/// is shared by the threads of the options. Results do not depend on the number of threads.
///
/// Errors of a run: `Memory.BudgetExceeded` if its memory does not suffice, `Transaction.Cancelled`
/// after an interrupt, `Graph.InvalidValue` for a label or type that nobody has used, or a source
/// that the options leave out.
public final class GraphAlgorithms {
  private final GraphSnapshot snapshot;
  private final AlgorithmOptions options;

  private GraphAlgorithms(GraphSnapshot snapshot, AlgorithmOptions options) {
    this.snapshot = snapshot;
    this.options = options;
  }

  /// Algorithms over the whole graph, along its relationships.
  ///
  /// @param reader a read transaction
  /// @throws GraphException if it is none: a write transaction runs algorithms by `CALL algo.…`
  public static GraphAlgorithms over(GraphReader reader) {
    return over(reader, AlgorithmOptions.defaults());
  }

  /// Algorithms over a part of the graph.
  ///
  /// @param reader a read transaction
  /// @throws GraphException if it is none: a write transaction runs algorithms by `CALL algo.…`
  public static GraphAlgorithms over(GraphReader reader, AlgorithmOptions options) {
    if (ReadView.behind(reader) instanceof GraphSnapshot snapshot) {
      return new GraphAlgorithms(snapshot, options);
    }
    throw new GraphException(
        ErrorCode.INVALID_VALUE,
        "algorithms read a commit, and this is no read transaction",
        "use beginRead(), or CALL algo.… in a statement");
  }

  /// Breadth-first search: the number of relationships on a shortest path from a node to each
  /// other; -1 where there is none.
  public LongResult bfs(Node source) {
    return bfs(source, Integer.MAX_VALUE);
  }

  /// Breadth-first search up to a depth; -1 for nodes that are farther away.
  ///
  /// @param depth at least 0
  public LongResult bfs(Node source, int depth) {
    require(depth >= 0, "the depth is negative");
    return longs(kernel -> BreadthFirst.run(kernel, position(kernel, source), depth), false);
  }

  /// Weakly connected components: for each node the least legacy id in its component.
  public LongResult wcc() {
    return longs(Components::run, true);
  }

  /// PageRank with a damping of 0.85, at most 100 iterations, and a tolerance of 1e-7.
  public DoubleResult pageRank() {
    return pageRank(0.85, 100, 1e-7);
  }

  /// PageRank: ranks that add up to 1.
  ///
  /// @param damping 0 to 1
  /// @param iterations the most, at least 1
  /// @param tolerance the run ends once all ranks together move by less; 0 for all iterations
  public DoubleResult pageRank(double damping, int iterations, double tolerance) {
    require(damping >= 0 && damping <= 1, "the damping is not between 0 and 1");
    require(iterations >= 1, "there must be an iteration");
    require(tolerance >= 0, "the tolerance is negative");
    return doubles(kernel -> PageRank.run(kernel, damping, iterations, tolerance));
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  private long position(Kernel kernel, Node node) {
    long id = snapshot.handles().id(node);
    long position = snapshot.exists(node) ? kernel.positions().of(id) : -1;
    if (position < 0) {
      throw new GraphException(
          ErrorCode.INVALID_VALUE,
          "the source " + node.elementId() + " is not among the nodes of the options",
          "give it a label that the options name, or name one that it has");
    }
    return position;
  }

  private LongResult longs(Function<Kernel, NodeCells> kernel, boolean namesNodes) {
    return run(kernel, (account, cells) -> new LongResult(snapshot, account, cells, namesNodes));
  }

  private DoubleResult doubles(Function<Kernel, NodeCells> kernel) {
    return run(kernel, (account, cells) -> new DoubleResult(snapshot, account, cells));
  }

  /// Makes what is handed out of what a kernel left in an account.
  private interface Finish<R> {
    R of(Budget account, NodeCells cells);
  }

  private <R> R run(Function<Kernel, NodeCells> work, Finish<R> finish) {
    Budget account = newAccount();
    AtomicReference<NodeCells> made = new AtomicReference<>();
    try {
      snapshot.scoped(() -> made.set(runKernel(account, work)));
      return finish.of(account, made.get());
    } catch (Throwable thrown) {
      if (made.get() != null) {
        made.get().close();
      }
      account.close();
      throw thrown;
    }
  }

  private NodeCells runKernel(Budget account, Function<Kernel, NodeCells> work) {
    try (Kernel kernel = new Kernel(setting(account), part())) {
      return work.apply(kernel);
    }
  }

  private Budget newAccount() {
    Budget root = snapshot.memory().budget();
    long limit = options.memoryBytes() > 0 ? options.memoryBytes() : root.limit() / 2;
    return root.child("algorithm", limit);
  }

  private Kernel.Setting setting(Budget account) {
    int threads = options.threads();
    return new Kernel.Setting(
        snapshot,
        snapshot.memory(),
        account,
        threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
        options.check(),
        options.progress());
  }

  private Subgraph part() {
    snapshot.ensureOpen();
    return Subgraph.named(
        snapshot.catalog(), options.labels(), options.types(), options.direction());
  }
}
