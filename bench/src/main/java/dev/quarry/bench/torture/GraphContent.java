package dev.quarry.bench.torture;

import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.Point;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.storage.torture.Violation;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A graph as plain maps, with numbers as the names of nodes and relationships. Its digest is a sum
/// over both, so that it is the same in whatever order they come.
final class GraphContent {
  /// A node; `text` may be too long for a cell.
  record Person(TreeSet<String> labels, @Nullable String text) {}

  /// A relationship; without a number it has no properties.
  record Link(long from, String type, long to, long number) {}

  final TreeMap<Long, Person> nodes = new TreeMap<>();
  final List<Link> links = new ArrayList<>();
  final TreeSet<String> indexes = new TreeSet<>();
  final TreeSet<Long> tenants = new TreeSet<>();
  boolean hasRegion;
  long next = 1;

  GraphContent copy() {
    GraphContent copy = new GraphContent();
    copy.nodes.putAll(nodes);
    copy.links.addAll(links);
    copy.indexes.addAll(indexes);
    copy.tenants.addAll(tenants);
    copy.hasRegion = hasRegion;
    copy.next = next;
    return copy;
  }

  void remove(long number) {
    nodes.remove(number);
    tenants.remove(number);
    links.removeIf(link -> link.from == number || link.to == number);
  }

  /// A value that is neither number nor text, which some nodes have; another kind than the one
  /// before, so that most lie in the overflow.
  static @Nullable Object shape(long number) {
    return switch ((int) (number % 12)) {
      case 1 -> new Point(Point.CARTESIAN, number, 2, 0);
      case 4 -> List.of(number, 7L, 8L);
      case 7 -> LocalDate.ofEpochDay(number);
      case 10 -> List.of("a text", "another one, longer than a cell");
      default -> null;
    };
  }

  long digest() {
    long sum = 0;
    for (var node : nodes.entrySet()) {
      sum += ofNode(node.getKey(), node.getValue().labels, node.getValue().text);
    }
    for (Link link : links) {
      sum += ofLink(link);
    }
    return sum;
  }

  /// The digest of what a graph holds, found by scans; looks some nodes up as well.
  static long digest(GraphReader graph) {
    long sum = 0;
    PropertyKey number = graph.key("number");
    PropertyKey text = graph.key("text");
    PropertyKey shape = graph.key("shape");
    try (NodeCursor cursor = graph.nodes()) {
      while (cursor.next()) {
        Node node = cursor.node();
        long from = cursor.getLong(number);
        if (!Objects.equals(cursor.get(shape), shape(from))) {
          throw new Violation("node " + from + " has lost a property");
        }
        sum += ofNode(from, graph.labels(node), cursor.getString(text));
        try (RelationshipCursor out = graph.relationships(node, Direction.OUTGOING)) {
          while (out.next()) {
            sum += ofLink(link(graph, from, out));
          }
        }
        if (from % 8 == 0
            && !graph.findNode("Person", "number", from).equals(java.util.Optional.of(node))) {
          throw new Violation("a look-up does not find node " + from);
        }
      }
    }
    return sum;
  }

  /// The relationship on which a cursor over those of a node stands.
  static Link link(GraphReader graph, long from, RelationshipCursor out) {
    PropertyKey key = graph.key("n");
    long to = numberOf(graph, out.neighbourNode());
    return new Link(from, out.type(), to, out.isNull(key) ? 0 : out.getLong(key));
  }

  static long numberOf(GraphReader graph, Node node) {
    if (graph.property(node, "number") instanceof Long number) {
      return number;
    }
    throw new Violation("a node has lost its number");
  }

  private static long ofNode(long number, Set<String> labels, @Nullable String text) {
    return mix(
        number * 31
            + new TreeSet<>(labels).hashCode() * 0x1_0000_0001L
            + (text == null ? 7 : text.hashCode()));
  }

  private static long ofLink(Link link) {
    return mix(
        ~(link.from * 1_000_003
            + link.to * 31
            + link.type.hashCode()
            + link.number * 0x9E3779B97F4A7C15L));
  }

  private static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }
}
