package dev.quarry.cli;

import dev.quarry.OpenOptions;
import dev.quarry.Quarry;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.StoreOpenException;
import dev.quarry.query.syntax.Suggestion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The store of a command: a path, or none for a graph in memory. Opened when it is first needed.
final class StoreLocation implements AutoCloseable {
  private static final String SUFFIX = ".quarry";

  private final @Nullable Path path;
  private final OpenOptions options;
  private final PrintStream err;
  private @Nullable Quarry open;

  /// @param terminal is told on stderr what should be known of the store once it is open
  StoreLocation(@Nullable Path path, OpenOptions options, Terminal terminal) {
    this.path = path;
    this.options = options;
    this.err = terminal.err();
  }

  @Nullable Path path() {
    return path;
  }

  /// Whether there is something to open; a graph in memory always is there.
  boolean exists() {
    return open != null || path == null || Files.exists(path);
  }

  /// Whether it is opened for reading only.
  boolean isReadOnly() {
    return options.readOnly();
  }

  /// The store if it was opened, else null.
  @Nullable Quarry opened() {
    return open;
  }

  /// The store, opened.
  ///
  /// @param create whether a missing one may be made now
  /// @throws StoreOpenException if it is missing and must not be made, or cannot be opened, for
  ///   damage as well
  Quarry open(boolean create) {
    Quarry current = open;
    if (current == null) {
      current = path == null ? Quarry.inMemory(options) : open(path, options, create);
      open = current;
    }
    return current;
  }

  /// The store, opened for reading only: nothing of it changes, and its folder need not be
  /// writable. One that must be recovered first is opened for writing, as by [#open].
  ///
  /// @throws StoreOpenException if it is missing or cannot be opened, for damage as well, or must
  ///   be recovered where nothing can be written
  Quarry openToRead() {
    Path file = path;
    if (open == null && file != null) {
      open = openToRead(file);
    }
    return open(false);
  }

  private Quarry openToRead(Path file) {
    try {
      return open(file, options.withReadOnly(true), false);
    } catch (StoreOpenException e) {
      if (e.code() != ErrorCode.STORE_READ_ONLY) {
        throw e;
      }
      return recovered(file, e);
    }
  }

  private Quarry recovered(Path file, StoreOpenException needed) {
    try {
      return open(file, options, false);
    } catch (StoreOpenException e) {
      if (e.code() != ErrorCode.STORE_PATH) {
        throw e;
      }
      needed.addSuppressed(e);
      throw needed;
    }
  }

  private Quarry open(Path file, OpenOptions options, boolean create) {
    if (!create && !Files.exists(file)) {
      throw missing(file);
    }
    try {
      Quarry db = Quarry.open(file, options);
      tellWarnings(db, file, err);
      return db;
    } catch (CorruptPageException e) {
      throw cannotOpen(e);
    }
  }

  /// Tells what should be known of a store that was just opened, such as that it was damaged.
  static void tellWarnings(Quarry db, Path file, PrintStream err) {
    db.admin().warnings().forEach(text -> err.println("warning: " + file + ": " + text));
    err.flush();
  }

  /// A damaged store that cannot be opened; `check`, which finds no more then, is no advice.
  private static StoreOpenException cannotOpen(CorruptPageException e) {
    boolean missesLog = e.code() == ErrorCode.STORE_WAL_MISSING;
    String hint = missesLog ? e.hint() : "`quarry repair` saves what is left";
    return new StoreOpenException(e.code(), String.valueOf(e.getMessage()), hint, e);
  }

  static StoreOpenException missing(Path file) {
    Set<String> known = new TreeSet<>();
    Path folder = file.toAbsolutePath().getParent();
    try (Stream<Path> files = Files.list(folder == null ? Path.of(".") : folder)) {
      files
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .forEach(name -> known.add(base(name)));
    } catch (IOException noFolder) {
      known.clear();
    }
    String hint = near(String.valueOf(file.getFileName()), known);
    return new StoreOpenException(
        ErrorCode.STORE_NOT_FOUND,
        "no store at " + file,
        hint == null ? "a store is made by `quarry load`, or by a statement that writes" : hint);
  }

  /// A store that was meant, perhaps; what all names end with makes none alike.
  private static @Nullable String near(String name, Set<String> known) {
    if (!name.endsWith(SUFFIX) && known.contains(name)) {
      return "did you mean `" + name + SUFFIX + "`?";
    }
    String hint = Suggestion.of(base(name), known);
    return hint == null ? null : hint.replaceFirst("`\\?$", SUFFIX + "`?");
  }

  private static String base(String name) {
    return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
  }

  @Override
  public void close() {
    Quarry current = open;
    if (current != null) {
      current.close();
    }
  }
}
