package dev.quarry.bench.generate;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Writes an edge list: a line for each relationship, two ids with a tab between them.
final class EdgeWriter implements AutoCloseable {
  private final OutputStream out;
  private final StringBuilder line = new StringBuilder();

  EdgeWriter(Path file) throws IOException {
    this.out = new BufferedOutputStream(Files.newOutputStream(file), 1 << 20);
  }

  void write(long source, long target) throws IOException {
    line.setLength(0);
    line.append(source).append('\t').append(target).append('\n');
    out.write(line.toString().getBytes(StandardCharsets.US_ASCII));
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
