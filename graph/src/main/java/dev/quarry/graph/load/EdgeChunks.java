package dev.quarry.graph.load;

import java.io.IOException;
import java.util.Arrays;

/// Cuts an edge list into chunks, and has them parsed.
///
/// What follows the last line end of a chunk is kept for the next one. A line longer than a chunk
/// is cut; the rest of it is passed over.
final class EdgeChunks implements Pipeline.Stage<EdgeChunk> {
  private final Input input;
  private final byte delimiter;
  private long skip;
  private byte[] kept = {};
  private boolean isInside; // of a line whose beginning was in the chunk before

  /// @param delimiter 0 for any of space, tab and comma
  /// @param skip lines to pass over at the beginning
  EdgeChunks(Input input, char delimiter, long skip) {
    this.input = input;
    this.delimiter = (byte) delimiter;
    this.skip = skip;
  }

  @Override
  public boolean begin(EdgeChunk chunk) {
    int room = chunk.text.length - TextWords.MARGIN;
    int length = kept.length;
    System.arraycopy(kept, 0, chunk.text, 0, length);
    length += read(chunk.text, length, room - length);
    if (length == 0) {
      return false;
    }
    boolean isLast = length < room;
    int lines = afterLastLine(chunk.text, length);
    chunk.end = isLast || lines == 0 ? length : lines;
    chunk.isCut = !isLast && lines == 0;
    kept = Arrays.copyOfRange(chunk.text, chunk.end, length);
    chunk.bytesRead = input.bytesRead();
    pass(chunk);
    isInside = chunk.isCut;
    return true;
  }

  private int read(byte[] target, int from, int count) {
    try {
      return input.stream().readNBytes(target, from, count);
    } catch (IOException e) {
      throw Input.unreadable(input.file(), e);
    }
  }

  private static int afterLastLine(byte[] text, int length) {
    int end = length;
    while (end > 0 && text[end - 1] != '\n') {
      end--;
    }
    return end;
  }

  /// Goes over the rest of a line that was cut, and over lines that are not wanted.
  private void pass(EdgeChunk chunk) {
    chunk.text[chunk.end] = '\n';
    chunk.lines = 0;
    int at = isInside ? EdgeChunk.lineEnd(chunk.text, 0) + 1 : 0;
    for (; skip > 0 && at < chunk.end; skip--) {
      at = EdgeChunk.lineEnd(chunk.text, at) + 1;
      chunk.lines++;
    }
    chunk.from = Math.min(at, chunk.end);
  }

  @Override
  public void work(EdgeChunk chunk) {
    chunk.parse(delimiter);
  }
}
