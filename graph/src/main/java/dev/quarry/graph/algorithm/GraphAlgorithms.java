package dev.quarry.graph.algorithm;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.kernel.BreadthFirst;
import dev.quarry.graph.kernel.Components;
import dev.quarry.graph.kernel.Cores;
import dev.quarry.graph.kernel.DegreeCounts;
import dev.quarry.graph.kernel.Degrees;
import dev.quarry.graph.kernel.HopCount;
import dev.quarry.graph.kernel.Kernel;
import dev.quarry.graph.kernel.LabelPropagation;
import dev.quarry.graph.kernel.NodeCells;
import dev.quarry.graph.kernel.PageRank;
import dev.quarry.graph.kernel.ShortestPaths;
import dev.quarry.graph.kernel.Subgraph;
import dev.quarry.graph.kernel.Triangles;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.ReadView;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Scratch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

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
/// after an interrupt, `Store.SnapshotExpired` if the lease of the transaction is over, before it
/// or while it runs, `Graph.InvalidValue` for a label or type that nobody has used, or a source
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

  /// Shortest paths by weight from a node to each other, along relationships: the least sum of
  /// weights, infinity where there is no path. Dijkstra's algorithm, on one thread.
  ///
  /// @param weight a property of relationships, a number that is not negative
  /// @param otherwise the weight of relationships that lack it, at least 0
  /// @throws GraphException if a weight is something else
  public DoubleResult sssp(Node source, String weight, double otherwise) {
    require(otherwise >= 0, "the weight of relationships without the property is negative");
    return doubles(
        kernel -> ShortestPaths.run(kernel, position(kernel, source), weight, otherwise));
  }

  /// Communities by label propagation, as LDBC Graphalytics defines it: for each node the legacy id
  /// of the node that names its community.
  ///
  /// @param iterations the most, at least 0; the run ends once nothing changes
  public LongResult cdlp(int iterations) {
    require(iterations >= 0, "the number of iterations is negative");
    return longs(kernel -> LabelPropagation.run(kernel, iterations), true);
  }

  /// Local clustering coefficients, as LDBC Graphalytics defines them: of the ordered pairs of a
  /// node's neighbours, the fraction with a relationship from the first to the second. With
  /// [Direction#BOTH] each relationship goes both ways.
  public DoubleResult lcc() {
    return doubles(Triangles::clustering);
  }

  /// How many triangles there are; direction, parallels and self-loops do not count.
  public long triangleCount() {
    return count(Triangles::count);
  }

  /// Core numbers: for each node the greatest k such that it is in a part of the graph in which all
  /// nodes have k neighbours or more; direction, parallels and self-loops do not count. On one
  /// thread.
  public LongResult coreNumbers() {
    return longs(Cores::run, false);
  }

  /// How many other nodes are at most some relationships away from a node. On one thread.
  ///
  /// @param hops at least 0
  public long countWithin(Node source, int hops) {
    require(hops >= 0, "the number of hops is negative");
    return count(kernel -> HopCount.run(kernel, position(kernel, source), hops));
  }

  /// Degrees: for each node the number of its relationships. A self-loop counts once.
  public LongResult degrees() {
    return longs(Degrees::run, false);
  }

  /// How many nodes have each degree.
  public DegreeDistribution degreeDistribution() {
    return run(
        account -> {
          Scratch memory = snapshot.memory().scratch(account);
          return runKernel(account, kernel -> DegreeCounts.run(kernel, memory));
        },
        (account, counts) -> new DegreeDistribution(snapshot, account, counts));
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

  private LongResult longs(Function<Kernel, NodeCells> work, boolean namesNodes) {
    return run(
        account -> runKernel(account, work),
        (account, cells) -> new LongResult(snapshot, account, cells, namesNodes));
  }

  private DoubleResult doubles(Function<Kernel, NodeCells> work) {
    return run(
        account -> runKernel(account, work),
        (account, cells) -> new DoubleResult(snapshot, account, cells));
  }

  private long count(ToLongFunction<Kernel> work) {
    snapshot.enter();
    try {
      return countInCall(work);
    } finally {
      snapshot.exit();
    }
  }

  private long countInCall(ToLongFunction<Kernel> work) {
    Budget account = newAccount();
    AtomicLong result = new AtomicLong();
    try {
      snapshot.scoped(() -> result.set(runKernel(account, work::applyAsLong)));
      return result.get();
    } finally {
      account.close();
    }
  }

  private <C> C runKernel(Budget account, Function<Kernel, C> work) {
    try (Kernel kernel = new Kernel(setting(account), part())) {
      return work.apply(kernel);
    }
  }

  /// Runs what leaves cells in an account, and makes a result of them; gives all back if that
  /// fails, also for a fault that is told where the scope ends.
  private <C extends AutoCloseable, R> R run(
      Function<Budget, C> work, BiFunction<Budget, C, R> finish) {
    snapshot.enter();
    try {
      return runInCall(work, finish);
    } finally {
      snapshot.exit();
    }
  }

  private <C extends AutoCloseable, R> R runInCall(
      Function<Budget, C> work, BiFunction<Budget, C, R> finish) {
    Budget account = newAccount();
    AtomicReference<C> made = new AtomicReference<>();
    try {
      snapshot.scoped(() -> made.set(work.apply(account)));
      return finish.apply(account, made.get());
    } catch (Throwable thrown) {
      closeAll(made.get(), account, thrown);
      throw thrown;
    }
  }

  private static void closeAll(@Nullable AutoCloseable cells, Budget account, Throwable why) {
    try {
      if (cells != null) {
        cells.close();
      }
      account.close();
    } catch (Exception more) {
      why.addSuppressed(more);
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
        threads > 0 ? threads : snapshot.mostThreads(),
        options.check(),
        options.progress());
  }

  private Subgraph part() {
    snapshot.ensureOpen();
    return Subgraph.named(
        snapshot.catalog(), options.labels(), options.types(), options.direction());
  }
}
