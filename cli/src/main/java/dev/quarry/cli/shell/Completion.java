package dev.quarry.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/// What Tab offers, by what stands ahead of the word.
///
/// ```text
/// (n:Pe     labels          [:KN     types         n.na, {na    property keys
/// $na       parameters      :mo      commands      else         keywords and functions
/// ```
public final class Completion implements Completer {
  /// The names that there are.
  ///
  /// @param labels of nodes
  /// @param types of relationships
  /// @param keys of properties
  /// @param parameters that are set
  public record Names(
      Collection<String> labels,
      Collection<String> types,
      Collection<String> keys,
      Collection<String> parameters) {}

  private static final List<String> KEYWORDS =
      List.of(
          "ALL",
          "AND",
          "ANY",
          "AS",
          "ASC",
          "BEGIN",
          "BY",
          "CALL",
          "CASE",
          "COMMIT",
          "CONSTRAINT",
          "CONSTRAINTS",
          "CONTAINS",
          "COUNT",
          "CREATE",
          "DELETE",
          "DESC",
          "DETACH",
          "DISTINCT",
          "DROP",
          "ELSE",
          "END",
          "ENDS",
          "EXISTS",
          "EXPLAIN",
          "FALSE",
          "FOR",
          "FOREACH",
          "IF",
          "IN",
          "INDEX",
          "INDEXES",
          "IS",
          "KEY",
          "LIMIT",
          "MATCH",
          "MERGE",
          "NONE",
          "NOT",
          "NULL",
          "ON",
          "OPTIONAL",
          "OR",
          "ORDER",
          "REMOVE",
          "REQUIRE",
          "RETURN",
          "ROLLBACK",
          "SET",
          "SHOW",
          "SINGLE",
          "SKIP",
          "STARTS",
          "THEN",
          "TRUE",
          "UNION",
          "UNIQUE",
          "UNWIND",
          "WHEN",
          "WHERE",
          "WITH",
          "XOR",
          "YIELD");

  private final Supplier<Names> names;
  private final List<String> functions;
  private final List<String> commands;

  /// @param names is asked at each Tab, so it should be quick
  /// @param functions their names
  /// @param commands their names, with the `:`
  public Completion(Supplier<Names> names, List<String> functions, List<String> commands) {
    this.names = names;
    this.functions = functions;
    this.commands = commands;
  }

  @Override
  public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
    candidates.addAll(candidates(line.line(), line.cursor()));
  }

  List<Candidate> candidates(String text, int cursor) {
    StatementLines.Word word = new StatementLines.Word(text, cursor);
    if (word.isCommandName()) {
      return all(commands, "");
    }
    String before = text.substring(0, word.begin());
    if (before.stripLeading().startsWith(":")) {
      return arguments(before.strip(), word.word());
    }
    return switch (lastOf(before)) {
      case '.' -> quoted(names.get().keys());
      case '$' -> quoted(names.get().parameters());
      case ':', '|', '&', '!' -> quoted(labelsOrTypes(before));
      default -> words(before);
    };
  }

  /// Whether a text is a command that takes the name of a file.
  static boolean isFileArgument(String text) {
    return text.stripLeading().toLowerCase(Locale.ROOT).startsWith(":source ");
  }

  private List<Candidate> arguments(String before, String word) {
    return switch (before.toLowerCase(Locale.ROOT)) {
      case ":mode" -> all(List.of("box", "csv", "tsv", "json", "jsonl"), "");
      case ":timer" -> all(List.of("on", "off"), "");
      case ":source" -> files(word);
      case ":param" -> {
        List<Candidate> candidates = quoted(names.get().parameters());
        candidates.add(candidate("clear", ""));
        yield candidates;
      }
      case ":param clear" -> quoted(names.get().parameters());
      default -> before.contains("=>") ? all(functions, "(") : new ArrayList<>();
    };
  }

  private static char lastOf(String before) {
    String text = before.stripTrailing();
    return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
  }

  /// Types inside of square brackets, labels inside of round ones; both where neither is open.
  private Collection<String> labelsOrTypes(String before) {
    Names known = names.get();
    return switch (openBracket(before)) {
      case '[' -> known.types();
      case '(' -> known.labels();
      case '{' -> List.of();
      default -> {
        Set<String> both = new TreeSet<>(known.labels());
        both.addAll(known.types());
        yield both;
      }
    };
  }

  private List<Candidate> words(String before) {
    List<Candidate> candidates = new ArrayList<>();
    if (openBracket(before) == '{' && "{,".indexOf(lastOf(before)) >= 0) {
      candidates.addAll(quoted(names.get().keys()));
    }
    candidates.addAll(all(KEYWORDS, ""));
    candidates.addAll(all(functions, "("));
    return candidates;
  }

  /// The innermost bracket that is open at the end of a text; a blank if none is.
  private static char openBracket(String text) {
    StringBuilder open = new StringBuilder(" ");
    for (char c : text.toCharArray()) {
      if ("([{".indexOf(c) >= 0) {
        open.append(c);
      } else if (")]}".indexOf(c) >= 0 && open.length() > 1) {
        open.setLength(open.length() - 1);
      }
    }
    return open.charAt(open.length() - 1);
  }

  private static List<Candidate> files(String word) {
    int slash = word.lastIndexOf('/');
    String folder = word.substring(0, slash + 1);
    try (Stream<Path> files = Files.list(Path.of(folder.isEmpty() ? "." : folder))) {
      List<Candidate> candidates = new ArrayList<>();
      files
          .sorted(Comparator.naturalOrder())
          .forEach(
              file -> {
                boolean isFolder = Files.isDirectory(file);
                String name = folder + file.getFileName();
                candidates.add(candidate(isFolder ? name + "/" : name, isFolder ? "/" : ""));
              });
      return candidates;
    } catch (IOException noFolder) {
      return new ArrayList<>();
    }
  }

  private static List<Candidate> quoted(Collection<String> names) {
    return all(names.stream().map(Completion::quoted).toList(), "");
  }

  private static String quoted(String name) {
    boolean plain =
        !name.isEmpty()
            && Character.isUnicodeIdentifierStart(name.charAt(0))
            && name.chars().allMatch(Character::isUnicodeIdentifierPart);
    return plain ? name : "`" + name.replace("`", "``") + "`";
  }

  private static List<Candidate> all(Collection<String> words, String behind) {
    List<Candidate> candidates = new ArrayList<>();
    words.forEach(word -> candidates.add(candidate(word + behind, behind)));
    return candidates;
  }

  /// @param behind what the word ends with if it goes on from there, so that no blank follows
  private static Candidate candidate(String word, String behind) {
    return new Candidate(word, word, null, null, null, null, behind.isEmpty());
  }
}
