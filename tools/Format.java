import com.google.googlejavaformat.java.Formatter;
import com.google.googlejavaformat.java.RemoveUnusedImports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Checks or mends the format of all Java sources below the given folder, with google-java-format.
///
/// Run by `mvn verify` (check) and `mvn -Pformat process-sources` (mend), on the JDK of the build:
/// formatters for Java 25 cannot run inside a Maven that itself runs on 17.
class Format {
  public static void main(String[] args) throws Exception {
    boolean mend = args[0].equals("mend");
    List<Path> wrong = new ArrayList<>();
    Formatter formatter = new Formatter();
    for (Path file : sources(Path.of(args[1]))) {
      String text = Files.readString(file);
      String formatted = formatter.formatSource(RemoveUnusedImports.removeUnusedImports(text));
      if (formatted.equals(text)) {
        continue;
      }
      wrong.add(file);
      if (mend) {
        Files.writeString(file, formatted);
      }
    }
    if (mend) {
      System.out.println("formatted " + wrong.size() + " files");
    } else if (!wrong.isEmpty()) {
      wrong.forEach(file -> System.err.println("not formatted: " + file));
      System.err.println("run: mvn -q -N -Pformat process-sources");
      System.exit(1);
    }
  }

  private static List<Path> sources(Path root) throws IOException {
    try (var files = Files.walk(root)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().contains("target"))
          .sorted()
          .toList();
    }
  }
}
