package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.record.Cells;
import dev.quarry.graph.transaction.BulkTransaction;
import dev.quarry.graph.value.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Loads one list of edges between integers; nodes are made as their integers are met.
///
/// Chunks of the file are parsed by several threads, and taken in order: so slots are given in the
/// order of the file, and rejects have the numbers of their lines.
final class EdgeFile {
  private static final int CHUNK_BYTES = 1 << 18;
  private static final long MOST_NODES = 0xFFFF_FFFEL;
  private static final byte[] NO_TEXT = {};

  private final BulkTransaction transaction;
  private final LoadPlan.Source source;
  private final EdgeIds ids;
  private final Links links;
  private final Rejects rejects;
  private final LoadProgress progress;
  private final int arena;
  private final int key;
  private final int type;
  private final Cells cells = new Cells();
  private long lines;
  private long created;

  EdgeFile(
      BulkTransaction transaction,
      LoadPlan.Source source,
      EdgeIds ids,
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
    this.type = transaction.type(Objects.requireNonNull(source.type()));
  }

  /// Returns how many nodes were made.
  long load() {
    try (Input input = new Input(source.file())) {
      progress.stage("edges " + source.file().getFileName(), input.size());
      int helpers = input.size() < CHUNK_BYTES ? 0 : Pipeline.helpers(transaction.mostThreads());
      EdgeChunks chunks =
          new EdgeChunks(input, source.format().delimiter(), source.format().skip());
      try (Pipeline<EdgeChunk> parsed = new Pipeline<>(chunks, buffers(helpers), helpers)) {
        for (EdgeChunk chunk = parsed.take(); chunk != null; chunk = parsed.take()) {
          load(chunk);
          parsed.give(chunk);
        }
      }
    }
    return created;
  }

  /// One for each thread, one that waits to be taken, and one that is loaded.
  private static List<EdgeChunk> buffers(int helpers) {
    List<EdgeChunk> buffers = new ArrayList<>();
    for (int i = 0; i < helpers + 2; i++) {
      buffers.add(new EdgeChunk(CHUNK_BYTES));
    }
    return buffers;
  }

  private void load(EdgeChunk chunk) {
    for (int i = 0; i < chunk.wrongs; i++) {
      rejects.add(
          source.file(),
          lines + chunk.wrong[2 * i],
          chunk.wrong[2 * i + 1],
          "the id of a node must be an integer");
    }
    lines += chunk.lines;
    resolve(chunk);
    long bits = chunk.pack();
    links.addAll(arena, type, arena, chunk.ends, chunk.edges, bits);
    transaction.step();
    progress.rows(chunk.edges + chunk.wrongs, chunk.bytesRead);
  }

  /// Turns the integers of a chunk into slots.
  private void resolve(EdgeChunk chunk) {
    long next = transaction.nextSlot(arena);
    if (next + 2L * chunk.edges > MOST_NODES) {
      throw new LoadException(
          ErrorCode.LIMIT_EXCEEDED,
          "nodes with the labels %s would be more than 2^32 - 2".formatted(source.labels()),
          "load a part of the edges with other labels");
    }
    int count = ids.resolve(chunk.ends, 0, 2 * chunk.edges, next);
    if (count > 0) {
      transaction.createNodes(arena, count);
      cells.begin(Tag.INTEGER, NO_TEXT);
      for (int i = 0; i < count; i++) {
        cells.addWord(ids.fresh()[i]);
      }
      transaction.putNodes(arena, next, key, cells);
      created += count;
    }
  }
}
