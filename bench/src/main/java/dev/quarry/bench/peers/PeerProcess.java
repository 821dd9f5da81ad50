package dev.quarry.bench.peers;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The process of a contestant: one request at a time, each with a limit of time.
///
/// After a failure it is ended; whoever wants to go on starts another one.
final class PeerProcess implements AutoCloseable {
  private static final int KEPT_LINES = 8;
  private static final String END = "";

  private final Process process;
  private final BufferedWriter requests;
  private final BlockingQueue<String> replies = new LinkedBlockingQueue<>();
  private final Deque<String> lastWords = new ArrayDeque<>();
  private final Thread complaints;

  /// @param folder where it runs, and may leave what it likes
  PeerProcess(List<String> command, Path folder) throws PeerFailure {
    try {
      process = new ProcessBuilder(command).directory(folder.toFile()).start();
    } catch (IOException e) {
      throw new PeerFailure("cannot be started: " + e.getMessage());
    }
    requests = process.outputWriter();
    Thread.ofVirtual().start(() -> collectReplies(process.getInputStream()));
    complaints = Thread.ofVirtual().start(() -> collectLastWords(process.getErrorStream()));
  }

  /// Asks and waits for what is said.
  Reply ask(String request, Duration limit) throws PeerFailure {
    try {
      requests.write(request + "\n");
      requests.flush();
    } catch (IOException e) {
      throw ended(request);
    }
    String line = next(limit);
    if (line == null) {
      close();
      throw new PeerFailure("took longer than " + limit.toSeconds() + " s");
    }
    if (line.equals(END)) {
      throw ended(request);
    }
    try {
      return Reply.parse(line);
    } catch (PeerFailure e) {
      close();
      throw e;
    }
  }

  private String next(Duration limit) {
    try {
      return replies.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a peer worked", e);
    }
  }

  private PeerFailure ended(String request) {
    await(Duration.ofSeconds(2)); // so that the exit code is its own
    close();
    String words;
    synchronized (lastWords) {
      words = lastWords.isEmpty() ? "" : ": " + String.join(" / ", lastWords);
    }
    return new PeerFailure("ended with " + process.exitValue() + " at `" + request + "`" + words);
  }

  /// Lets it end by itself, as it has stores to close.
  void finish(Duration limit) {
    try {
      requests.close();
    } catch (IOException e) {
      // it is gone already
    }
    await(limit);
    close();
  }

  private void await(Duration limit) {
    try {
      process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Ends it at once.
  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
    try {
      complaints.join(Duration.ofSeconds(2));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void collectReplies(InputStream stream) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (Reply.isReply(line)) {
          replies.add(line);
        }
      }
    } catch (IOException e) {
      // the process was ended
    }
    replies.add(END);
  }

  private void collectLastWords(InputStream stream) {
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        synchronized (lastWords) {
          lastWords.add(line.strip());
          if (lastWords.size() > KEPT_LINES) {
            lastWords.remove();
          }
        }
      }
    } catch (IOException e) {
      // the process was ended
    }
  }
}
