package dev.quarry.query.procedure;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.EvaluationException;
import dev.quarry.graph.Node;
import dev.quarry.graph.ValueType;
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
import dev.quarry.graph.kernel.Triangles;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.storage.memory.Scratch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// `CALL algo.…`: graph algorithms over what the query sees. Each that has a value for each node
/// exists twice: one gives rows, one, with `.write` behind its name, writes a property.
///
/// What they compute and which options they have is in `docs/algorithms.md`.
final class AlgorithmProcedures {
  private static final ValueType.Named SOURCE = named("source", "NODE");

  private static final AlgorithmCall.Value INTEGER = (cells, at) -> cells.integer(at);
  private static final AlgorithmCall.Value FLOAT = (cells, at) -> cells.floating(at);
  private static final AlgorithmCall.Value NAME =
      (cells, at) -> cells.positions().node(cells.integer(at));
  private static final AlgorithmCall.Value REACHED =
      (cells, at) -> cells.integer(at) < 0 ? null : cells.integer(at);
  private static final AlgorithmCall.Value FINITE =
      (cells, at) -> Double.isInfinite(cells.floating(at)) ? null : cells.floating(at);

  /// An algorithm with a value for each node.
  ///
  /// @param fromSource whether its first argument is a node
  /// @param output the value of a row
  /// @param own its options beside the common ones
  private record ByNode(
      String name,
      boolean fromSource,
      ValueType.Named output,
      Set<String> own,
      AlgorithmCall.Value value,
      Run run) {
    /// Makes a kernel run.
    interface Run {
      /// @param source null for an algorithm without one
      NodeCells of(Kernel kernel, @Nullable Node source, AlgorithmCall call);
    }
  }

  private AlgorithmProcedures() {}

  static List<ProcedureDefinition> all() {
    List<ProcedureDefinition> all = new ArrayList<>();
    for (ByNode algorithm : byNode()) {
      all.add(rows(algorithm));
      all.add(writes(algorithm));
    }
    all.add(triangleCount());
    all.add(hopCount());
    all.add(degreeDistribution());
    return all;
  }

  private static List<ByNode> byNode() {
    return List.of(
        new ByNode(
            "algo.bfs",
            true,
            named("depth", "INTEGER"),
            Set.of("maxDepth"),
            REACHED,
            (kernel, source, call) ->
                BreadthFirst.run(
                    kernel,
                    position(kernel, source, call),
                    (int)
                        call.options()
                            .integer("maxDepth", Integer.MAX_VALUE, 0, Integer.MAX_VALUE))),
        new ByNode(
            "algo.sssp",
            true,
            named("distance", "FLOAT"),
            Set.of("weight", "defaultWeight"),
            FINITE,
            AlgorithmProcedures::shortestPaths),
        new ByNode(
            "algo.wcc",
            false,
            named("component", "INTEGER"),
            Set.of(),
            NAME,
            (kernel, source, call) -> Components.run(kernel)),
        new ByNode(
            "algo.pageRank",
            false,
            named("score", "FLOAT"),
            Set.of("damping", "iterations", "tolerance"),
            FLOAT,
            AlgorithmProcedures::pageRank),
        new ByNode(
            "algo.cdlp",
            false,
            named("community", "INTEGER"),
            Set.of("iterations"),
            NAME,
            (kernel, source, call) ->
                LabelPropagation.run(
                    kernel, (int) call.options().integer("iterations", 10, 0, Integer.MAX_VALUE))),
        new ByNode(
            "algo.lcc",
            false,
            named("coefficient", "FLOAT"),
            Set.of(),
            FLOAT,
            (kernel, source, call) -> Triangles.clustering(kernel)),
        new ByNode(
            "algo.kCore",
            false,
            named("core", "INTEGER"),
            Set.of(),
            INTEGER,
            (kernel, source, call) -> Cores.run(kernel)),
        new ByNode(
            "algo.degree",
            false,
            named("degree", "INTEGER"),
            Set.of(),
            INTEGER,
            (kernel, source, call) -> Degrees.run(kernel)));
  }

  private static NodeCells pageRank(Kernel kernel, @Nullable Node source, AlgorithmCall call) {
    AlgorithmOptions options = call.options();
    return PageRank.run(
        kernel,
        options.number("damping", 0.85, 0, 1),
        (int) options.integer("iterations", 100, 1, Integer.MAX_VALUE),
        options.number("tolerance", 1e-7, 0, Double.MAX_VALUE));
  }

  private static NodeCells shortestPaths(Kernel kernel, @Nullable Node source, AlgorithmCall call) {
    String weight = call.options().text("weight");
    if (weight == null) {
      throw invalid("`algo.sssp` needs the option `weight`, a property of relationships", null);
    }
    double otherwise = call.options().number("defaultWeight", 1, 0, Double.MAX_VALUE);
    return ShortestPaths.run(kernel, position(kernel, source, call), weight, otherwise);
  }

  private static long position(Kernel kernel, @Nullable Node source, AlgorithmCall call) {
    Reading reading = call.reading();
    Node node = java.util.Objects.requireNonNull(source);
    long position = reading.exists(node) ? kernel.positions().of(reading.handles().id(node)) : -1;
    if (position < 0) {
      throw invalid(
          "the source is not among the nodes of the options",
          "give it one of the labels, or name one that it has");
    }
    return position;
  }

  private static EvaluationException invalid(String what, @Nullable String hint) {
    return new EvaluationException(ErrorCode.ARGUMENT_INVALID, what, null, hint);
  }

  private static ProcedureDefinition rows(ByNode algorithm) {
    List<ValueType.Named> inputs =
        algorithm.fromSource()
            ? List.of(SOURCE, ProcedureDefinition.OPTIONS)
            : List.of(ProcedureDefinition.OPTIONS);
    return new ProcedureDefinition(
        algorithm.name(),
        inputs,
        List.of(named("node", "NODE"), algorithm.output()),
        ProcedureDefinition.Mode.READ,
        (context, arguments) -> {
          AlgorithmCall call = call(algorithm.name(), context, arguments, algorithm.own());
          Node source = source(algorithm, arguments, 0);
          return call.nodeRows(
              kernel -> algorithm.run().of(kernel, source, call), algorithm.value());
        });
  }

  private static ProcedureDefinition writes(ByNode algorithm) {
    ValueType.Named property = named("property", "STRING");
    List<ValueType.Named> inputs =
        algorithm.fromSource()
            ? List.of(property, SOURCE, ProcedureDefinition.OPTIONS)
            : List.of(property, ProcedureDefinition.OPTIONS);
    String name = algorithm.name() + ".write";
    return new ProcedureDefinition(
        name,
        inputs,
        List.of(named("nodes", "INTEGER")),
        ProcedureDefinition.Mode.WRITE,
        (context, arguments) -> {
          AlgorithmCall call = call(name, context, arguments, algorithm.own());
          Node source = source(algorithm, arguments, 1);
          return call.write(
              String.valueOf(arguments.getFirst()),
              kernel -> algorithm.run().of(kernel, source, call),
              algorithm.value());
        });
  }

  private static @Nullable Node source(
      ByNode algorithm, List<? extends @Nullable Object> arguments, int at) {
    return algorithm.fromSource() ? (Node) arguments.get(at) : null;
  }

  /// The options are the last argument.
  private static AlgorithmCall call(
      String name,
      CallContext context,
      List<? extends @Nullable Object> arguments,
      Set<String> own) {
    Map<?, ?> options = java.util.Objects.requireNonNull((Map<?, ?>) arguments.getLast());
    return new AlgorithmCall(context, new AlgorithmOptions(name, options, own));
  }

  private static ProcedureDefinition triangleCount() {
    return new ProcedureDefinition(
        "algo.triangleCount",
        List.of(ProcedureDefinition.OPTIONS),
        List.of(named("triangles", "INTEGER")),
        ProcedureDefinition.Mode.READ,
        (context, arguments) -> {
          AlgorithmCall call = call("algo.triangleCount", context, arguments, Set.of());
          long triangles = call.run(Triangles::count);
          return List.of(List.of(triangles)).stream();
        });
  }

  private static ProcedureDefinition hopCount() {
    return new ProcedureDefinition(
        "algo.kHop",
        List.of(SOURCE, named("hops", "INTEGER"), ProcedureDefinition.OPTIONS),
        List.of(named("nodes", "INTEGER")),
        ProcedureDefinition.Mode.READ,
        (context, arguments) -> {
          AlgorithmCall call = call("algo.kHop", context, arguments, Set.of());
          Node source = (Node) arguments.get(0);
          long hops = java.util.Objects.requireNonNull((Long) arguments.get(1));
          if (hops < 0 || hops > Integer.MAX_VALUE) {
            throw invalid("`algo.kHop`: there are no " + hops + " hops", null);
          }
          long nodes =
              call.run(kernel -> HopCount.run(kernel, position(kernel, source, call), (int) hops));
          return List.of(List.of(nodes)).stream();
        });
  }

  private static ProcedureDefinition degreeDistribution() {
    return new ProcedureDefinition(
        "algo.degreeDistribution",
        List.of(ProcedureDefinition.OPTIONS),
        List.of(named("degree", "INTEGER"), named("nodes", "INTEGER")),
        ProcedureDefinition.Mode.READ,
        (context, arguments) -> {
          AlgorithmCall call = call("algo.degreeDistribution", context, arguments, Set.of());
          Function<Kernel, DegreeCounts> work =
              kernel -> {
                Scratch memory = call.newScratch();
                return DegreeCounts.run(kernel, memory);
              };
          return call.rows(work, AlgorithmProcedures::degreeRows);
        });
  }

  private static Iterator<List<@Nullable Object>> degreeRows(DegreeCounts counts) {
    return new Iterator<>() {
      private long degree = counts.next(0);

      @Override
      public boolean hasNext() {
        return degree >= 0;
      }

      @Override
      public List<@Nullable Object> next() {
        List<@Nullable Object> row = Arrays.asList(degree, counts.nodes(degree));
        degree = counts.next(degree + 1);
        return row;
      }
    };
  }

  private static ValueType.Named named(String name, String type) {
    return new ValueType.Named(name, ValueType.of(type));
  }
}
