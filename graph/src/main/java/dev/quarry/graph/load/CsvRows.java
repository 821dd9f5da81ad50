package dev.quarry.graph.load;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.LoadException;
import dev.quarry.graph.FileFormat;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of a CSV file below its header.
final class CsvRows implements AutoCloseable {
  private final Input input;
  private final Header header;
  private final CsvReader<CsvRecord> reader;
  private final Iterator<CsvRecord> records;
  private final QuoteCounter quotes;
  private final long skipped;
  private @Nullable CsvRecord record;

  CsvRows(Path file, FileFormat format) {
    this.input = new Input(file);
    try {
      this.quotes =
          new QuoteCounter(
              new InputStreamReader(
                  input.stream(),
                  StandardCharsets.UTF_8
                      .newDecoder()
                      .onMalformedInput(CodingErrorAction.REPORT)
                      .onUnmappableCharacter(CodingErrorAction.REPORT)));
      BufferedReader text = new BufferedReader(quotes, 1 << 16);
      this.skipped = skip(text, format.skip());
      this.reader =
          CsvReader.builder()
              .fieldSeparator(format.delimiter() == 0 ? ',' : format.delimiter())
              .skipEmptyLines(true)
              .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
              .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
              .ofCsvRecord(text);
      this.records = reader.iterator();
      this.header = Header.parse(headerFields(format), file);
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e instanceof IOException io ? Input.unreadable(file, io) : (RuntimeException) e;
    }
  }

  private static long skip(BufferedReader text, long lines) throws IOException {
    text.mark(1);
    if (text.read() != 0xFEFF) {
      text.reset();
    }
    for (long i = 0; i < lines; i++) {
      if (text.readLine() == null) {
        return i;
      }
    }
    return lines;
  }

  private List<String> headerFields(FileFormat format) {
    String given = format.header();
    if (given != null) {
      try (CsvReader<CsvRecord> line = CsvReader.builder().ofCsvRecord(given)) {
        return line.iterator().next().getFields();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    if (!next()) {
      throw new LoadException(
          ErrorCode.LOAD_HEADER,
          file() + " is empty: there is no header",
          "give a header with --header, or leave the file out");
    }
    return record().getFields();
  }

  Header header() {
    return header;
  }

  Input input() {
    return input;
  }

  Path file() {
    return input.file();
  }

  /// Goes to the next row; false at the end.
  boolean next() {
    try {
      if (!records.hasNext()) {
        requireClosedQuotes();
        return false;
      }
      record = records.next();
      return true;
    } catch (CsvParseException e) {
      throw malformed(e.getMessage(), e);
    } catch (UncheckedIOException e) {
      throw e.getCause() instanceof java.nio.charset.CharacterCodingException
          ? malformed("the text is not UTF-8", e)
          : Input.unreadable(file(), e.getCause());
    }
  }

  /// A quote that is never closed makes one field of all the lines that follow it.
  private void requireClosedQuotes() {
    CsvRecord last = record;
    if (last != null && quotes.isOdd()) {
      for (String field : last.getFields()) {
        if (field.indexOf('\n') >= 0) {
          throw malformed("a quote that opens in this row is never closed", null);
        }
      }
    }
  }

  private LoadException malformed(@Nullable String message, @Nullable Exception e) {
    CsvRecord last = record;
    String where =
        last == null
            ? "at its beginning"
            : "after line " + (last.getStartingLineNumber() + skipped);
    return new LoadException(
        ErrorCode.LOAD_INPUT,
        file() + " cannot be read as CSV " + where + ": " + message,
        "look for a quote that is not closed, or give --delimiter",
        e);
  }

  private CsvRecord record() {
    CsvRecord current = record;
    if (current == null) {
      throw new IllegalStateException("no row was read");
    }
    return current;
  }

  long line() {
    return record().getStartingLineNumber() + skipped;
  }

  int fieldCount() {
    return record().getFieldCount();
  }

  String field(int index) {
    return record().getField(index);
  }

  @Override
  public void close() {
    input.close();
  }
}
