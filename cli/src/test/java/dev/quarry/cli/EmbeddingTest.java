package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program of the README compiles and runs in an empty project, without a flag and without a
/// word on stderr: on the class path, on the module path, and with Unsafe denied.
class EmbeddingTest {
  @TempDir Path folder;
  private String path;

  @BeforeEach
  void extractTheProgram() throws IOException {
    Path readme = Path.of("README.md").toAbsolutePath();
    while (!Files.exists(readme)) {
      readme = readme.getParent().getParent().resolve("README.md");
    }
    String text = Files.readString(readme);
    int begin = text.indexOf("```java") + "```java".length();
    Files.writeString(
        folder.resolve("Friends.java"), text.substring(begin, text.indexOf("```", begin)));
    path =
        String.join(
            File.pathSeparator,
            Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> isRuntime(entry))
                .toList());
  }

  /// What comes with the one artifact: not the command line, its libraries or those of tests.
  private static boolean isRuntime(String entry) {
    String name = entry.replace('\\', '/');
    return name.matches(
        ".*/(quarry-(query|graph|storage)[^/]*|(chronicle|RoaringBitmap|fastcsv|re2j|slf4j|jspecify)[^/]*)\\.jar");
  }

  @Test
  void onTheClassPath() throws Exception {
    assertEquals("", run("javac", "-cp", path, "Friends.java"));
    assertEquals("Ada", run("java", "-cp", path + File.pathSeparator + ".", "Friends", "a.quarry"));
  }

  @Test
  void withUnsafeDenied() throws Exception {
    run("javac", "-cp", path, "Friends.java");
    assertEquals(
        "Ada",
        run(
            "java",
            "--sun-misc-unsafe-memory-access=deny",
            "-cp",
            path + File.pathSeparator + ".",
            "Friends",
            "b.quarry"));
  }

  /// Under the launcher's switches native memory comes from chronicle-bytes.
  @Test
  void withTheSwitchesOfTheLauncher() throws Exception {
    run("javac", "-cp", path, "Friends.java");
    assertEquals(
        "Ada",
        run(
            "java",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "-Dquarry.launcher=true",
            "-Dslf4j.internal.verbosity=ERROR",
            "-cp",
            path + File.pathSeparator + ".",
            "Friends",
            "d.quarry"));
  }

  @Test
  void onTheModulePath() throws Exception {
    Path source = Files.createDirectories(folder.resolve("source/app"));
    String program = Files.readString(folder.resolve("Friends.java"));
    Files.writeString(source.resolve("Friends.java"), "package app;\n" + program);
    Files.writeString(
        folder.resolve("source/module-info.java"), "module friends { requires quarry.query; }");
    run("javac", "-p", path, "-d", "classes", "source/module-info.java", "source/app/Friends.java");
    assertEquals(
        "Ada",
        run(
            "java",
            "-p",
            path + File.pathSeparator + "classes",
            "-m",
            "friends/app.Friends",
            "c.quarry"));
  }

  /// As the README says: the class path has no folder, and is the same both times.
  @Test
  void withAnAotCacheThatAnEarlierRunHasMade() throws Exception {
    run("javac", "-cp", path, "-d", "classes", "Friends.java");
    run("jar", "--create", "--file", "friends.jar", "-C", "classes", ".");
    String jars = path + File.pathSeparator + "friends.jar";
    Process training =
        process("java", "-XX:AOTCacheOutput=friends.aot", "-cp", jars, "Friends", "e.quarry");
    training.getInputStream().readAllBytes();
    assertEquals(0, training.waitFor());
    String[] on = {"-XX:AOTMode=on", "-XX:AOTCache=friends.aot"}; // ends if it cannot be taken
    assertEquals("Ada", run("java", on[0], on[1], "-cp", jars, "Friends", "f.quarry"));
  }

  private Process process(String tool, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", tool).toString());
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(folder.resolve("stderr").toFile())
        .start();
  }

  private String run(String tool, String... arguments) throws Exception {
    Process process = process(tool, arguments);
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    String command = tool + " " + String.join(" ", arguments);
    assertEquals("", Files.readString(folder.resolve("stderr")), command);
    assertTrue(exit == 0, command + " ended with " + exit);
    return out.strip();
  }
}
