package dev.quarry.graph.load;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.LoadReport;
import de.siegmar.fastcsv.writer.CsvWriter;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Collects rows that were left out, and ends the load when they are too many.
///
/// With a file all of them are listed before the load ends; without one it ends at the first that
/// is too many.
final class Rejects implements AutoCloseable {
  private static final int KEPT = 100;

  private final long tolerated;
  private final @Nullable Path file;
  private final @Nullable CsvWriter writer;
  private final List<LoadReport.Reject> first = new ArrayList<>();
  private long count;

  Rejects(long tolerated, @Nullable Path file) {
    this.tolerated = tolerated;
    this.file = file;
    this.writer = file == null ? null : open(file);
  }

  private static CsvWriter open(Path file) {
    try {
      CsvWriter writer = CsvWriter.builder().build(file);
      writer.writeRecord("file", "line", "column", "reason");
      return writer;
    } catch (IOException e) {
      throw cannotWrite(file, e);
    }
  }

  private static LoadException cannotWrite(Path file, Exception e) {
    return new LoadException(
        ErrorCode.LOAD_USAGE,
        "the file for rejected rows cannot be written: "
            + (e instanceof NoSuchFileException ? file + ": no such folder" : e.getMessage()),
        "choose another path with --rejects",
        e);
  }

  void add(Path source, long line, int column, String reason) {
    count++;
    LoadReport.Reject reject = new LoadReport.Reject(source, line, column, reason);
    if (first.size() < KEPT) {
      first.add(reject);
    }
    if (writer != null) {
      try {
        writer.writeRecord(
            source.toString(), Long.toString(line), Integer.toString(column), reason);
      } catch (RuntimeException e) {
        throw cannotWrite(java.util.Objects.requireNonNull(file), e);
      }
    } else if (count > tolerated) {
      throw tooMany();
    }
  }

  /// Ends the load if there were too many.
  void requireTolerable() {
    if (count > tolerated) {
      throw tooMany();
    }
  }

  private LoadException tooMany() {
    String more = count > 1 ? " (" + count + " rows rejected, " + tolerated + " tolerated)" : "";
    String listed = file == null ? "" : "; all are listed in " + file;
    return new LoadException(
        ErrorCode.LOAD_REJECTS,
        first.getFirst() + more + listed + "; nothing was loaded",
        "mend the file, or load the rest with --tolerate N and --rejects FILE");
  }

  long count() {
    return count;
  }

  List<LoadReport.Reject> first() {
    return first;
  }

  @Override
  public void close() {
    if (writer != null) {
      try {
        writer.close();
      } catch (IOException e) {
        throw cannotWrite(java.util.Objects.requireNonNull(file), e);
      }
    }
  }
}
