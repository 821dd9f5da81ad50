package dev.quarry.graph.transaction;

import java.io.File;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Starts JVMs of this build, with the class path of the tests.
final class Children {
  private Children() {}

  static ProcessBuilder java(List<String> flags, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
    command.addAll(flags);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command);
  }
}
