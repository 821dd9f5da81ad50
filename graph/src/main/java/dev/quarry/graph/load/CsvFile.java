package dev.quarry.graph.load;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.FileFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// A CSV file with a header: its chunks are parsed by several threads, and taken in order.
///
/// So slots are given in the order of the file, and rejects have the numbers of their lines,
/// however many threads there are. Used by the thread that loads.
final class CsvFile implements AutoCloseable {
  private final Input input;
  private final CsvChunks chunks;
  private final Header header;
  private long lines; // before the chunk at hand

  CsvFile(Path file, FileFormat format) {
    this(file, format, CsvChunks.CHUNK_BYTES);
  }

  CsvFile(Path file, FileFormat format, int chunkBytes) {
    byte delimiter = delimiter(format);
    this.input = new Input(file);
    try {
      this.chunks = new CsvChunks(input, delimiter, chunkBytes);
      this.lines = chunks.pass(format.skip());
      String given = format.header();
      this.header = Header.parse(given == null ? firstRow() : fields(given), file);
    } catch (RuntimeException e) {
      input.close();
      throw e;
    }
  }

  private static byte delimiter(FileFormat format) {
    char delimiter = format.delimiter() == 0 ? ',' : format.delimiter();
    if (delimiter > 127 || delimiter == '"' || CsvChunk.isLineEnd((byte) delimiter)) {
      throw new LoadException(
          ErrorCode.LOAD_USAGE,
          "fields of a CSV file cannot be separated by `" + delimiter + "`",
          "use a character of ASCII that is no quote and no line end");
    }
    return (byte) delimiter;
  }

  private List<String> firstRow() {
    CsvChunk chunk = chunks.newChunk();
    List<String> fields = chunks.header(chunk);
    requireCsv(chunk);
    if (fields.isEmpty()) {
      throw new LoadException(
          ErrorCode.LOAD_HEADER,
          path() + " is empty: there is no header",
          "give a header with --header, or leave the file out");
    }
    lines += chunk.lines;
    return fields;
  }

  private static List<String> fields(String header) {
    try (CsvReader<CsvRecord> line = CsvReader.builder().ofCsvRecord(header)) {
      return line.iterator().next().getFields();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Header header() {
    return header;
  }

  Path path() {
    return input.file();
  }

  long size() {
    return input.size();
  }

  CsvChunk newChunk() {
    return chunks.newChunk();
  }

  /// The number, from 1, of the line at which a row of the chunk at hand begins.
  long line(CsvChunk chunk, int row) {
    return lines + chunk.line(row) + 1;
  }

  /// Has all chunks parsed, and hands them on in order.
  ///
  /// @param threads the most that work at once
  /// @param newPiece makes what a chunk is parsed into; some are made, and used again
  <B extends CsvPiece> void forEach(int threads, Supplier<B> newPiece, Consumer<B> load) {
    int helpers = input.size() < CsvChunks.CHUNK_BYTES ? 0 : helpers(threads);
    List<B> pieces = new ArrayList<>();
    for (int i = 0; i < helpers + 2; i++) {
      pieces.add(newPiece.get());
    }
    try (Pipeline<B> parsed = new Pipeline<>(new Parsing<B>(chunks), pieces, helpers)) {
      for (B piece = parsed.take(); piece != null; piece = parsed.take()) {
        load.accept(piece);
        requireCsv(piece.csv());
        lines += piece.csv().lines;
        parsed.give(piece);
      }
    }
  }

  /// As many as are of use, but chunks of the longest rows must fit in half of the Java heap.
  private static int helpers(int threads) {
    long most = Runtime.getRuntime().maxMemory() / 2 / CsvChunks.MOST_ROW_BYTES;
    return Math.clamp(most - 2, 0, Pipeline.helpers(threads));
  }

  private record Parsing<B extends CsvPiece>(CsvChunks chunks) implements Pipeline.Stage<B> {
    @Override
    public boolean begin(B piece) {
      return chunks.fill(piece.csv());
    }

    @Override
    public void work(B piece) {
      if (!piece.parseAtOnce(chunks.delimiter())) {
        chunks.split(piece.csv());
        piece.parse();
      }
    }
  }

  private void requireCsv(CsvChunk chunk) {
    if (chunk.failure != null) {
      throw new LoadException(
          ErrorCode.LOAD_INPUT,
          "%s cannot be read as CSV from line %d on: %s"
              .formatted(path(), lines + chunk.failureLine() + 1, chunk.failure),
          "look for a quote that is not closed, or give --delimiter");
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
