package dev.quarry.graph.load;

import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.transaction.BulkTransaction;

/// Loads one list of edges between integers; nodes are made as their ids are met.
final class EdgeFile {
  private final BulkTransaction transaction;
  private final LoadPlan.Source source;
  private final IdMap ids;
  private final Links links;
  private final Rejects rejects;
  private final LoadProgress progress;
  private final int arena;
  private final int key;
  private long created;

  EdgeFile(
      BulkTransaction transaction,
      LoadPlan.Source source,
      IdMap ids,
      Links links,
      Rejects rejects,
      LoadProgress progress) {
    this.transaction = transaction;
    this.source = source;
    this.ids = ids;
    this.links = links;
    this.rejects = rejects;
    this.progress = progress;
    this.arena = transaction.arena(source.labels());
    this.key = transaction.key("id");
  }

  /// Returns how many nodes were made.
  long load() {
    int type = transaction.type(java.util.Objects.requireNonNull(source.type()));
    Input input = new Input(source.file());
    try (EdgeLines lines =
        new EdgeLines(input, source.format().delimiter(), source.format().skip())) {
      progress.stage("edges " + source.file().getFileName(), input.size());
      while (lines.next()) {
        if (lines.wrongColumn() != 0) {
          rejects.add(
              source.file(),
              lines.line(),
              lines.wrongColumn(),
              "the id of a node must be an integer");
        } else {
          long from = node(lines.source());
          long to = node(lines.target());
          links.add(from, type, to, false, -1);
        }
        transaction.step();
        progress.row(input.bytesRead());
      }
    }
    return created;
  }

  private long node(long id) {
    long node = ids.get(id);
    if (node < 0) {
      node = transaction.createNode(arena);
      transaction.putNode(node, key, id);
      ids.put(id, node);
      created++;
    }
    return node;
  }
}
