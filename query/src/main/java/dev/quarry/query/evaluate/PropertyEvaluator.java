package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.graph.transaction.Reading;
import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import dev.quarry.query.value.Batch;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.CellSink;
import dev.quarry.query.value.Relations;
import dev.quarry.query.value.Vector;
import dev.quarry.storage.memory.Memory;
import org.jspecify.annotations.Nullable;

/// A property of a node, a relationship or a map.
final class PropertyEvaluator extends Evaluator {
  /// Fewer are read one by one: that takes less, and any property can be read so.
  private static final int FEWEST_ROWS = 2;

  private final Evaluator of;
  private final String key;
  private final EvaluationContext context;
  private final Reading reading;
  private final CellSink sink;
  private final Span span;
  private @Nullable Vector whole;
  private @Nullable Catalog catalog;
  private int token;
  private long keyBytes; // written when a map is met first
  private int keyLength;

  PropertyEvaluator(Evaluator of, String key, EvaluationContext context, Span span) {
    this.of = of;
    this.key = key;
    this.context = context;
    this.reading = context.reading();
    this.sink = new CellSink(context.values());
    this.span = span;
  }

  @Override
  public void evaluate(Batch batch, int row) {
    of.evaluate(batch, row);
    switch (of.tag()) {
      case Cell.NULL -> setNull();
      case Cell.NODE, Cell.RELATIONSHIP -> {
        Failures.requireExists(of, reading, span);
        EntityFunctions.property(of, token(), reading, sink);
        set(sink.head(), sink.body());
      }
      case Cell.MAP -> {
        writeKey();
        long found = Relations.find(of.head, of.body, keyBytes, keyLength);
        if (found == 0) {
          setNull();
        } else {
          setCell(found);
        }
      }
      case Cell.POINT -> PointFunctions.read(of, key, context, span, this);
      case Cell.DATE,
          Cell.LOCAL_TIME,
          Cell.TIME,
          Cell.LOCAL_DATETIME,
          Cell.DATETIME,
          Cell.DURATION ->
          TemporalFunctions.field(of, key, context, span, this);
      default ->
          throw Failures.type(
              "only nodes, relationships, maps, points and temporal values have `." + key + "`",
              of.head,
              span);
    }
  }

  private void writeKey() {
    if (keyBytes == 0) {
      byte[] bytes = ValueCodec.utf8(key);
      keyLength = bytes.length;
      keyBytes = context.constants().allocate(keyLength);
      Memory.putBytes(bytes, 0, keyBytes, keyLength);
    }
  }

  @Override
  @Nullable Vector vector(Batch batch) {
    if (batch.size() < FEWEST_ROWS) {
      return null;
    }
    Vector nodes = of.evaluateAll(batch);
    if (nodes == null || nodes.tag() != Cell.NODE || reading.mayHaveDeleted()) {
      return null;
    }
    int rows = batch.size();
    Vector values = whole == null ? new Vector(context.constants()) : whole;
    whole = values;
    values.begin(rows);
    for (int from = 0; from < rows; ) {
      int to = ArenaRuns.end(nodes, from, rows);
      if (nodes.isNull(from)) {
        putNulls(values, from, to);
      } else if (!read(nodes, values, from, to)) {
        return null;
      }
      from = to;
    }
    return values;
  }

  /// Reads the property of nodes of one arena; false if its values are not all of one plain type.
  private boolean read(Vector nodes, Vector values, int from, int to) {
    ArenaReader arena = reading.nodeReader(Ids.arena(nodes.body(from)));
    int key = token();
    Tag tag = arena.tag(key);
    if (tag == null) {
      putNulls(values, from, to);
      return true;
    }
    boolean plain = tag == Tag.BOOLEAN || tag == Tag.INTEGER || tag == Tag.FLOAT;
    if (!plain || !values.becomePlain(tag.code())) {
      return false;
    }
    long words = values.bodies() + from * 8L;
    Memory.copyMasked(nodes.bodies() + from * 8L, words, to - from, Ids.SLOT_MASK);
    int lacking = arena.readAll(key, words, values.nullMarks() + from, to - from);
    if (lacking > 0) {
      values.nullsMarked();
    }
    return lacking >= 0;
  }

  private static void putNulls(Vector values, int from, int to) {
    for (int row = from; row < to; row++) {
      values.putNull(row);
    }
  }

  private int token() {
    Catalog now = reading.catalog();
    if (now != catalog) {
      catalog = now;
      token = now.key(key);
    }
    return token;
  }
}
