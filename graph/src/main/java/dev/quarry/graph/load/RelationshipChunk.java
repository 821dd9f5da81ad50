package dev.quarry.graph.load;

import dev.quarry.graph.transaction.Ids;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A chunk of a file of relationships, and what its rows say: also which nodes they join, since
/// nobody adds ids any more when relationships are read.
final class RelationshipChunk implements CsvPiece {
  /// Where a row says what; shared by all chunks of a file.
  ///
  /// @param fieldCount of a row
  /// @param type field of the type, -1 if there is none
  /// @param mustHaveType whether a row without a type is wrong
  record Layout(
      int fieldCount,
      int start,
      int end,
      int type,
      boolean mustHaveType,
      IdMap starts,
      IdMap ends) {}

  private final CsvChunk csv;
  private final Layout layout;

  /// The properties.
  final List<ValueColumn> values;

  /// What is wrong with each row, see [NodeChunk#wrong].
  int[] wrong = {};

  /// Nodes at which each row starts and ends.
  long[] sources = {};

  long[] targets = {};

  /// The properties of each row; none of one with which something is wrong.
  final EncodedRows rows = new EncodedRows();

  private long[] integers = {};

  private @Nullable PairRows pairs; // as long as all rows may be such

  /// Slots of source and target of each row, where all rows are pairs and join nodes of two arenas:
  /// first << 32 | second, as [Records] have them.
  long[] keys = {};

  /// The bits that are set in any of them.
  long bits;

  private boolean isBare;

  RelationshipChunk(CsvChunk csv, Layout layout, List<ValueColumn> values) {
    this.csv = csv;
    this.layout = layout;
    this.values = List.copyOf(values);
    boolean hasEndsOnly = layout.fieldCount == 2 && !layout.mustHaveType;
    this.pairs = hasEndsOnly ? new PairRows() : null;
  }

  @Override
  public CsvChunk csv() {
    return csv;
  }

  /// Whether it was read at once: it has [#keys] then instead of all else.
  boolean isBare() {
    return isBare;
  }

  /// How many keys there are.
  int count() {
    return pairs == null ? 0 : pairs.count();
  }

  int sourceArena() {
    return Ids.arena(sources[0]);
  }

  int targetArena() {
    return Ids.arena(targets[0]);
  }

  /// Where a chunk has other rows, there may be more of them in those that come.
  @Override
  public boolean parseAtOnce(byte delimiter) {
    isBare = pairs != null && csv.read(pairs, delimiter) && pairs.count() > 0 && resolve(pairs);
    pairs = isBare ? pairs : null;
    return isBare;
  }

  /// Whether all pairs join nodes that there are, from one arena to one.
  private boolean resolve(PairRows rows) {
    int count = rows.count();
    if (keys.length < count) {
      keys = new long[count];
    }
    sources = layout.start == 0 ? rows.firsts : rows.seconds;
    targets = layout.start == 0 ? rows.seconds : rows.firsts;
    layout.starts.getAll(sources, sources, count);
    layout.ends.getAll(targets, targets, count);
    long source = sources[0];
    long target = targets[0];
    long differing = 0;
    bits = 0;
    for (int i = 0; i < count; i++) {
      differing |= sources[i] ^ source | targets[i] ^ target;
      keys[i] = Ids.slot(sources[i]) << 32 | Ids.slot(targets[i]);
      bits |= keys[i];
    }
    return source >= 0 && target >= 0 && (differing & ~Ids.SLOT_MASK) == 0;
  }

  @Override
  public void parse() {
    int rows = csv.rows();
    if (wrong.length < rows) {
      wrong = new int[rows];
      sources = new long[rows];
      targets = new long[rows];
      integers = new long[rows];
    }
    for (int row = 0; row < rows; row++) {
      wrong[row] = csv.fieldCount(row) == layout.fieldCount ? 0 : NodeChunk.WRONG_COUNT;
    }
    resolve(layout.starts, layout.start, sources);
    resolve(layout.ends, layout.end, targets);
    for (int row = 0; layout.mustHaveType && row < rows; row++) {
      if (wrong[row] == 0 && csv.isEmpty(row, layout.type)) {
        wrong[row] = layout.type + 1;
      }
    }
    for (ValueColumn column : values) {
      column.parse(csv, wrong);
    }
    if (!values.isEmpty()) {
      encode();
    }
  }

  private void encode() {
    rows.begin();
    for (int row = 0; row < csv.rows(); row++) {
      for (int i = 0; wrong[row] == 0 && i < values.size(); i++) {
        if (values.get(i).isPresent(row)) {
          values.get(i).encode(csv, row, rows);
        }
      }
      rows.end();
    }
  }

  private void resolve(IdMap ids, int field, long[] nodes) {
    int rows = csv.rows();
    for (int row = 0; row < rows; row++) {
      integers[row] =
          wrong[row] == 0
              ? IdMap.integer(csv.text, csv.from(row, field), csv.to(row, field))
              : IdMap.NONE;
    }
    ids.getAll(integers, nodes, rows);
    for (int row = 0; row < rows; row++) {
      if (wrong[row] == 0) {
        if (integers[row] == IdMap.NONE) {
          int from = csv.from(row, field);
          nodes[row] = ids.get(IdMap.NONE, csv.text, from, csv.to(row, field));
        }
        wrong[row] = nodes[row] < 0 ? field + 1 : 0;
      }
    }
  }
}
