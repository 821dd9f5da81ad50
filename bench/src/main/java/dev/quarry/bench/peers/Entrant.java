package dev.quarry.bench.peers;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A contestant during a run: its store, and its process, which is started when it is asked
/// something and started anew after a failure.
///
/// ```text
/// load      an empty folder, a new process that ends after it
/// ask       a process that opened the store before the first request; it stays
/// ```
final class Entrant implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);

  private final Contestant contestant;
  private final Path data;
  private final Path store;
  private final Duration limit;
  private @Nullable PeerProcess process;

  /// @param limit for each request
  Entrant(Contestant contestant, Path data, Path store, Duration limit) {
    this.contestant = contestant;
    this.data = data;
    this.store = store;
    this.limit = limit;
  }

  String name() {
    return contestant.name();
  }

  /// What it says of itself.
  Reply describe() throws PeerFailure, IOException {
    Files.createDirectories(store);
    try (PeerProcess once = start()) {
      return once.ask("describe", START);
    }
  }

  /// Loads into an empty store, in a new process that is gone afterwards.
  Reply load() throws PeerFailure, IOException {
    close();
    empty();
    PeerProcess once = start();
    try {
      return once.ask("load", limit);
    } finally {
      once.finish(START);
    }
  }

  /// Asks the process that has the store open.
  Reply ask(String request) throws PeerFailure {
    if (process == null && reopen() instanceof Reply.Failed(String message)) {
      close();
      throw new PeerFailure("cannot open its store: " + message);
    }
    return asked(request);
  }

  /// Starts a process and opens the store in it; there must be no other.
  Reply reopen() throws PeerFailure {
    assert process == null;
    process = start();
    return asked("open");
  }

  private Reply asked(String request) throws PeerFailure {
    try {
      return Objects.requireNonNull(process).ask(request, limit);
    } catch (PeerFailure e) {
      process = null; // it was ended
      throw e;
    }
  }

  /// Ends its process without a warning.
  void kill() {
    if (process != null) {
      process.close();
      process = null;
    }
  }

  /// The bytes of all files of the store.
  long bytes() throws IOException {
    return Folders.bytes(store);
  }

  /// In the folder of the data, which is deleted with whatever a peer leaves there.
  private PeerProcess start() throws PeerFailure {
    return new PeerProcess(contestant.command(data, store), data);
  }

  private void empty() throws IOException {
    Folders.delete(store);
    Files.createDirectories(store);
  }

  /// Lets its process end, if there is one.
  @Override
  public void close() {
    if (process != null) {
      process.finish(START);
      process = null;
    }
  }
}
