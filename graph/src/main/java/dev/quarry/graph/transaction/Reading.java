package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.Direction;
import dev.quarry.graph.GraphReader;
import dev.quarry.graph.Handles;
import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.graph.NodeSet;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PropertyKey;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.RelationshipCursor;
import dev.quarry.graph.RelationshipIdentity;
import dev.quarry.graph.RelationshipValue;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.value.Comparison;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageReader;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a snapshot and a write transaction have in common: reading one state of the graph by
/// handles, as applications do, each of which is checked, whether its record is still there; and by
/// ids and tokens, as queries do ([RecordReading]). Used by one thread at a time.
public abstract class Reading extends RecordReading implements GraphReader {
  private @Nullable NodeFinder finder; // of the last look-up

  Reading(PageReader pages, Handles handles, Scratch scratch) {
    super(pages, handles, scratch);
  }

  @Override
  public Optional<Node> node(String elementId) {
    ensureOpen();
    long[] id = ElementIds.node(elementId);
    return isLive(id[0], (int) id[1])
        ? Optional.of(handles().node(id[0], (int) id[1]))
        : Optional.empty();
  }

  @Override
  public Optional<Relationship> relationship(String elementId) {
    ensureOpen();
    RelationshipIdentity identity = ElementIds.relationship(elementId);
    return isLive(identity) ? Optional.of(handles().relationship(identity)) : Optional.empty();
  }

  @Override
  public Optional<Node> findNode(String label, String key, Object value) {
    ensureOpen();
    NodeFinder known = finder(label, key);
    if (known == null) {
      return scanned(label, key, ValueCodec.canonical(value));
    }
    long node;
    if (value instanceof Integer number) { // most keys are, so no object is made for them
      node = known.find((long) number);
    } else if (value instanceof Long number) {
      node = known.find((long) number);
    } else {
      node = known.find(ValueCodec.canonical(value));
    }
    return node == NodeFinder.NONE ? Optional.empty() : Optional.of(handle(node));
  }

  /// What finds nodes by a property in an index; null if there is none.
  private @Nullable NodeFinder finder(String label, String key) {
    NodeFinder known = finder;
    if (known == null || !known.isFor(catalog(), label, key)) {
      IndexDefinition index = catalog().nodeIndex(catalog().label(label), catalog().key(key));
      known = index == null ? null : new NodeFinder(this, label, key, index);
      finder = known;
    }
    return known;
  }

  private Optional<Node> scanned(String label, String key, Object wanted) {
    PropertyKey property = key(key);
    try (NodeCursor cursor = nodes(label)) {
      while (cursor.next()) {
        Object found = cursor.get(property);
        if (found != null && Comparison.equal(found, wanted)) {
          return Optional.of(cursor.node());
        }
      }
    }
    return Optional.empty();
  }

  @Override
  public NodeCursor nodes() {
    ensureOpen();
    return new NodeWalk(this, -1, true);
  }

  @Override
  public NodeCursor nodes(String label) {
    ensureOpen();
    return new NodeWalk(this, catalog().label(label), false);
  }

  @Override
  public RelationshipCursor relationships(Node node, Direction direction, String... types) {
    return walk(existing(node), direction, types);
  }

  @Override
  public long degree(Node node, Direction direction, String... types) {
    return degree(existing(node), direction, types);
  }

  @Override
  public RelationshipCursor relationships(NodeCursor node, Direction direction, String... types) {
    return walk(existing(node), direction, types);
  }

  @Override
  public long degree(NodeCursor node, Direction direction, String... types) {
    return degree(existing(node), direction, types);
  }

  private RelationshipCursor walk(long node, Direction direction, String[] types) {
    return new RelationshipWalk(this, node, walks().take(direction, types));
  }

  private long degree(long node, Direction direction, String[] types) {
    return degrees(direction, walks().tokens(types), Degrees.ANY_LABEL).of(node);
  }

  @Override
  public NodeSet nodeSet() {
    ensureOpen();
    return walks().newSet(this);
  }

  @Override
  public boolean exists(Node node) {
    ensureOpen();
    return isLive(handles().id(node), handles().generation(node));
  }

  @Override
  public boolean exists(Relationship relationship) {
    ensureOpen();
    return isLive(handles().identity(relationship));
  }

  @Override
  public @Nullable Object property(Node node, String key) {
    long id = existing(node);
    return nodeArena(id).property(Ids.slot(id), catalog().key(key));
  }

  @Override
  public @Nullable Object property(Relationship relationship, String key) {
    RelationshipIdentity identity = existing(relationship);
    long row = row(identity);
    return row < 0
        ? null
        : edgeReader(typeOf(identity), row).property(Ids.row(row), catalog().key(key));
  }

  @Override
  public Set<String> labels(Node node) {
    long id = existing(node);
    Set<String> labels = new LinkedHashSet<>();
    for (int label = 0; label < catalog().labels().size(); label++) {
      if (hasLabel(id, label)) {
        labels.add(catalog().labels().get(label));
      }
    }
    return labels;
  }

  @Override
  public String type(Relationship relationship) {
    return catalog().typeName(typeOf(existing(relationship)));
  }

  @Override
  public Node start(Relationship relationship) {
    return handle(ends(existing(relationship))[0]);
  }

  @Override
  public Node end(Relationship relationship) {
    return handle(ends(existing(relationship))[1]);
  }

  @Override
  public NodeValue copy(Node node) {
    long id = existing(node);
    return new NodeValue(node.elementId(), labels(node), properties(nodeArena(id), Ids.slot(id)));
  }

  @Override
  public RelationshipValue copy(Relationship relationship) {
    RelationshipIdentity identity = existing(relationship);
    long row = row(identity);
    Map<String, Object> properties =
        row < 0 ? Map.of() : properties(edgeReader(typeOf(identity), row), Ids.row(row));
    long[] ends = ends(identity);
    return new RelationshipValue(
        identity.elementId(),
        catalog().typeName(typeOf(identity)),
        handle(ends[0]).elementId(),
        handle(ends[1]).elementId(),
        properties);
  }

  @Override
  public PropertyKey key(String name) {
    return handles().key(name, catalog().key(name));
  }

  @Override
  public Set<String> regions() {
    ensureOpen();
    return new TreeSet<>(catalog().regions().names());
  }

  @Override
  public Optional<String> region(Node node) {
    int region = catalog().region(Ids.arena(existing(node)));
    return region == 0
        ? Optional.empty()
        : Optional.of(catalog().regions().all().get(region).name());
  }

  /// The id of a handle, after a check that its node still exists.
  long existing(Node node) {
    ensureOpen();
    long id = handles().id(node);
    if (!isLive(id, handles().generation(node))) {
      throw gone("node", node.elementId());
    }
    return id;
  }

  /// The node on which a cursor stands, after a check that it still exists.
  long existing(NodeCursor cursor) {
    return cursor instanceof StandingNode own && own.reading == this
        ? own.existing()
        : existing(cursor.node());
  }

  RelationshipIdentity existing(Relationship relationship) {
    ensureOpen();
    RelationshipIdentity identity = handles().identity(relationship);
    if (!isLive(identity)) {
      throw gone("relationship", relationship.elementId());
    }
    return identity;
  }

  private Map<String, Object> properties(ArenaReader arena, long slot) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (ColumnLayout column : arena.arena().columns()) {
      Object value = arena.property(slot, column.key());
      if (value != null) {
        properties.put(catalog().keys().get(column.key()), value);
      }
    }
    return properties;
  }

  static GraphException gone(String what, String elementId) {
    return new GraphException(
        ErrorCode.RECORD_GONE,
        "the " + what + " " + elementId + " does not exist any more",
        "look it up again, or ask exists() before using a handle that was kept");
  }
}
