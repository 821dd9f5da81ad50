package dev.quarry.bench.torture;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/// Compiles source files with a bug in them, against the classes of this build.
final class PlantedClasses {
  private final Path home;
  private final JavaCompiler compiler;

  private PlantedClasses(Path home, JavaCompiler compiler) {
    this.home = home;
    this.compiler = compiler;
  }

  /// Of the clone that this build was made in.
  ///
  /// @throws IllegalStateException if there are no sources, or no compiler
  static PlantedClasses ofThisClone() {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new IllegalStateException(
          "planted bugs are compiled, and this Java has no compiler: "
              + System.getProperty("java.home"));
    }
    return new PlantedClasses(home(), compiler);
  }

  /// The launcher says where the clone is; tests run in a folder of one of its modules.
  private static Path home() {
    String start = System.getProperty("quarry.home", System.getProperty("user.dir", "."));
    Path folder = Path.of(start).toAbsolutePath();
    for (Path home = folder; home != null; home = home.getParent()) {
      if (Files.isDirectory(home.resolve("storage/src/main/java"))
          && Files.isDirectory(home.resolve("graph/src/main/java"))) {
        return home;
      }
    }
    throw new IllegalStateException(
        "planted bugs are edits of Quarry's sources, and there are none at "
            + folder
            + "; run this in a clone");
  }

  /// Compiles the class of a plant into a folder.
  ///
  /// @throws IllegalStateException if the plant is stale, or does not compile
  void compile(Plant plant, Path into) {
    Source source = new Source(plant.name(), plant.applyTo(read(home.resolve(plant.file()))));
    StringWriter messages = new StringWriter();
    List<String> options =
        List.of(
            "-d",
            into.toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-proc:none",
            "-nowarn",
            "-Xlint:none",
            "-implicit:none");
    Boolean done = compiler.getTask(messages, null, null, options, null, List.of(source)).call();
    if (!Boolean.TRUE.equals(done)) {
      throw new IllegalStateException(
          "the plant " + plant.name() + " does not compile: " + messages);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A source file that stands in memory.
  private static final class Source extends SimpleJavaFileObject {
    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public boolean isNameCompatible(
        @Nullable String simpleName, JavaFileObject.@Nullable Kind kind) {
      return kind == Kind.SOURCE;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
