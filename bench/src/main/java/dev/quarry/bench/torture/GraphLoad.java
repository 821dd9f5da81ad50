package dev.quarry.bench.torture;

import dev.quarry.bench.torture.GraphContent.Link;
import dev.quarry.bench.torture.GraphContent.Person;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.torture.TemporaryPaths;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/// One load of nodes and relationships from CSV into a graph that may hold some. The files lie in
/// the machine's folder for temporary files until the load has ended; what the store writes goes
/// through its own disk.
///
/// ```text
/// nodes.csv   :ID(P),number:int,text:string       links.csv   :START_ID(P),:END_ID(P),:TYPE,n:int
///             17,17,text text                                 17,18,KNOWS,
///             18,18,                                          17,17,LIKES,4711
/// ```
final class GraphLoad {
  private static final int NODES = 30;
  private static final int FEW = 120;
  private static final int MANY = 1100; // so that most kinds have lists of their own

  private final StringBuilder nodes = new StringBuilder(":ID(P),number:int,text:string\n");
  private final StringBuilder links = new StringBuilder(":START_ID(P),:END_ID(P),:TYPE,n:int\n");
  private final boolean intoRegion;

  /// Decides what is loaded, and adds it to what the graph will hold.
  GraphLoad(GraphContent next, Random random) {
    intoRegion = next.hasRegion && random.nextBoolean();
    int count = intoRegion || next.links.isEmpty() ? MANY : FEW;
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      numbers.add(node(next, random));
    }
    for (int i = 0; i < count; i++) {
      int hubs = random.nextInt(3) == 0 ? 1 : NODES;
      link(next, numbers.get(random.nextInt(hubs)), numbers.get(random.nextInt(NODES)), random);
    }
  }

  private long node(GraphContent next, Random random) {
    while (GraphContent.shape(next.next) != null) {
      next.next++; // no CSV has such a value as it is
    }
    long number = next.next++;
    String text = random.nextBoolean() ? null : "text ".repeat(1 + random.nextInt(12));
    nodes.append("%d,%d,%s%n".formatted(number, number, text == null ? "" : text));
    next.nodes.put(number, new Person(new TreeSet<>(Set.of("Person")), text));
    if (intoRegion) {
      next.tenants.add(number);
    }
    return number;
  }

  private void link(GraphContent next, long from, long to, Random random) {
    String type = random.nextBoolean() ? "KNOWS" : "LIKES";
    long n = random.nextBoolean() ? 0 : 1 + random.nextInt(1_000_000);
    links.append("%d,%d,%s,%s%n".formatted(from, to, type, n == 0 ? "" : String.valueOf(n)));
    next.links.add(new Link(from, type, to, n));
  }

  /// Loads it.
  void into(GraphStore graph) {
    List<Path> files = new ArrayList<>();
    try {
      Path people = file(files, nodes);
      Path connections = file(files, links);
      LoadPlan plan =
          new LoadPlan()
              .append()
              .region(intoRegion ? "tenant" : null)
              .nodes("Person", people)
              .relationships("", connections);
      new Loader(graph).load(plan, Progress.NONE);
    } finally {
      files.forEach(GraphLoad::delete);
    }
  }

  private static Path file(List<Path> files, CharSequence text) {
    try {
      Path file = TemporaryPaths.file("quarry-torture-", ".csv");
      files.add(file);
      return Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("no file for a load could be written", e);
    }
  }

  private static void delete(Path file) {
    try {
      TemporaryPaths.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
