package dev.quarry.cli;

import dev.quarry.query.syntax.Suggestion;
import java.io.PrintStream;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is wrong with the words of a command: one sentence, and where to read on.
final class WrongUsage implements IParameterExceptionHandler {
  private final Terminal terminal;
  private final Collection<String> commands;

  /// @param commands the names of all commands
  WrongUsage(Terminal terminal, Collection<String> commands) {
    this.terminal = terminal;
    this.commands = commands;
  }

  @Override
  public int handleParseException(ParameterException error, String[] words) {
    CommandLine line = error.getCommandLine();
    PrintStream err = terminal.err();
    String noCommand = noCommand(error, words);
    if (noCommand != null) {
      err.println(noCommand);
      err.println("  `quarry --help` lists the commands");
      return Exit.USAGE;
    }
    err.println("error: " + error.getMessage());
    if (error instanceof UnmatchedArgumentException unmatched && isOption(unmatched)) {
      printNear(unmatched, err);
    }
    err.println("  `" + line.getCommandSpec().qualifiedName() + " --help` tells how it is called");
    return Exit.USAGE;
  }

  /// More than a STORE without a command, so its first word was meant as one; null if that is not
  /// what is wrong.
  private @Nullable String noCommand(ParameterException error, String[] words) {
    boolean bare = error.getCommandLine().getParent() == null;
    if (!bare || words.length == 0 || words[0].startsWith("-")) {
      return null;
    }
    if (!(error instanceof UnmatchedArgumentException unmatched) || isOption(unmatched)) {
      return null;
    }
    return noCommand(words[0], commands);
  }

  static String noCommand(String word, Collection<String> commands) {
    String near = Suggestion.of(word, commands);
    String hint =
        word.endsWith(".quarry") ? "a statement is run by `quarry query STORE TEXT`" : near;
    return "error: there is no command `" + word + "`" + (hint == null ? "" : "; " + hint);
  }

  private static boolean isOption(UnmatchedArgumentException error) {
    return error.isUnknownOption();
  }

  private static void printNear(UnmatchedArgumentException error, PrintStream err) {
    List<String> near = error.getSuggestions();
    if (!near.isEmpty()) {
      err.println("  did you mean " + String.join(" or ", near) + "?");
    }
  }
}
