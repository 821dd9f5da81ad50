package dev.quarry.bench.torture;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Progress;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.hash.GraphHash;
import dev.quarry.graph.repair.Repair;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.graph.transaction.GraphTransaction;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.simulation.SimDisk;
import dev.quarry.storage.torture.Steps;
import dev.quarry.storage.torture.Subject;
import dev.quarry.storage.torture.Victim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;

/// Reads, checks, changes and repairs a graph, whatever its bytes say.
final class GraphVictim implements Victim {
  private static final int MOST = 400;

  @Override
  public String use(SimDisk disk, Random random) {
    SimDisk before = disk.copy();
    Steps steps = new Steps(disk);
    StoreOptions options =
        StoreOptions.defaults()
            .withMemory(StoreOptions.LEAST_MEMORY)
            .withHeadroom(0)
            .withNativeMemory(NativeSource.FOREIGN);
    steps.with(
        () -> GraphStore.open(Subject.PATH, options.withDisk(disk)),
        graph -> graph.store().budget(),
        (graph, step) -> use(graph, random, step));
    if (random.nextInt(4) > 0) {
      return steps.first();
    }
    new Steps(before)
        .alone(
            () ->
                Repair.run(
                    Subject.PATH,
                    Subject.PATH.resolveSibling("repaired.quarry"),
                    options.withDisk(before),
                    false,
                    Progress.NONE));
    return steps.first();
  }

  private static void use(GraphStore graph, Random random, Consumer<Runnable> step) {
    List<Runnable> reads =
        List.of(
            reading(graph, GraphVictim::nodes),
            reading(graph, GraphVictim::relationships),
            reading(graph, GraphVictim::lookUps),
            reading(graph, snapshot -> GraphCheck.run(graph, Progress.NONE)),
            reading(graph, snapshot -> GraphHash.run(snapshot, graph.store(), Progress.NONE)));
    for (Runnable read : reads) {
      if (random.nextInt(3) == 0) {
        step.accept(read);
      }
    }
    if (random.nextInt(4) > 0) {
      return;
    }
    step.accept(writing(graph, GraphVictim::create));
    step.accept(writing(graph, GraphVictim::change));
    step.accept(writing(graph, GraphVictim::delete));
    step.accept(() -> graph.store().checkpoint());
    step.accept(reads.getFirst());
  }

  private static Runnable reading(GraphStore graph, Consumer<GraphSnapshot> body) {
    return () -> {
      try (GraphSnapshot snapshot = graph.beginRead()) {
        body.accept(snapshot);
      }
    };
  }

  private static Runnable writing(GraphStore graph, Consumer<GraphTransaction> body) {
    return () -> {
      try (GraphTransaction tx = graph.beginWrite()) {
        body.accept(tx);
        tx.commit();
      }
    };
  }

  private static List<Node> some(GraphReader graph) {
    List<Node> some = new ArrayList<>();
    try (NodeCursor cursor = graph.nodes()) {
      while (cursor.next() && some.size() < MOST) {
        some.add(cursor.node());
      }
    }
    return some;
  }

  private static void nodes(GraphReader graph) {
    PropertyKey number = graph.key("number");
    for (String label : List.of("Person", "Extra")) {
      int count = 0;
      try (NodeCursor cursor = graph.nodes(label)) {
        while (cursor.next() && count++ < MOST) {
          if (!cursor.isNull(number)) {
            graph.property(cursor.node(), "number");
          }
        }
      }
    }
    for (Node node : some(graph)) {
      graph.copy(node);
      graph.region(node);
    }
  }

  private static void relationships(GraphReader graph) {
    for (Node node : some(graph)) {
      int count = 0;
      try (RelationshipCursor both = graph.relationships(node, Direction.BOTH)) {
        while (both.next() && count++ < MOST) {
          both.type();
          both.neighbourNode();
          graph.copy(both.relationship());
        }
      }
      graph.degree(node, Direction.OUTGOING, "KNOWS");
      graph.degree(node, Direction.BOTH);
    }
  }

  private static void lookUps(GraphSnapshot graph) {
    for (long number = 1; number < 16; number += 3) {
      graph.findNode("Person", "number", number);
      graph.findNode("Person", "text", "text " + number);
    }
  }

  private static void create(GraphTransaction tx) {
    Node from = tx.createNode(Set.of("Person"), Map.of("number", 1L << 40, "text", "x".repeat(90)));
    Node to = tx.createNode(Set.of("Person", "Other"), Map.of("list", List.of(1L, 2L)));
    tx.createRelationship(from, "KNOWS", to, Map.of("n", 7L));
    tx.createRelationship(to, "LIKES", from, Map.of());
  }

  private static void change(GraphTransaction tx) {
    List<Node> some = some(tx);
    for (Node node : some.subList(0, Math.min(8, some.size()))) {
      tx.setProperty(node, "text", "a text that is longer than its cell");
      tx.setProperty(node, "number", 5L);
      tx.addLabel(node, "Extra");
      tx.createRelationship(node, "KNOWS", some.getFirst(), Map.of("n", 1L));
      tx.createRelationship(some.getFirst(), "LIKES", node, Map.of());
    }
  }

  private static void delete(GraphTransaction tx) {
    List<Node> some = some(tx);
    for (Node node : some.subList(0, Math.min(6, some.size()))) {
      tx.detachDelete(node);
    }
  }
}
