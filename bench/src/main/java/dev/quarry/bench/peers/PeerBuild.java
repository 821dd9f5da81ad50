package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.Session;
import dev.quarry.storage.torture.TemporaryPaths;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/// Makes a peer ready to start: jars through Maven, classes through the compiler of this JDK.
///
/// ```text
/// bench/peers/NAME/pom.xml            the artifact, and nothing else
///                  peer.properties    main class, options of its JVM
///                  src/...            the adapter
/// bench/target/peers/NAME/lib         its jars, a folder for each peer, since they do not agree
///                         classes     the adapter, compiled
///                         adapter.jar the same; a folder of classes keeps a JVM from an AOT cache
/// ```
///
/// All are made on first use and when what they are made of is newer.
final class PeerBuild {
  private final Path home;

  /// @param home the root of the repository
  PeerBuild(Path home) {
    this.home = home.toAbsolutePath().normalize();
  }

  /// The peers that have a folder, in alphabetical order.
  List<String> names() throws IOException {
    Path folder = home.resolve("bench/peers");
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .filter(file -> Files.exists(file.resolve("peer.properties")))
          .map(file -> file.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /// Quarry, on the class path of this process, with the switches that the README advises.
  static Contestant quarry() {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return new Contestant(
        Contestant.QUARRY,
        List.of(
            java,
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            absolute(System.getProperty("java.class.path")),
            QuarryPeer.class.getName()));
  }

  /// Adapters run in another folder than this process.
  private static String absolute(String classPath) {
    return joined(
        Stream.of(classPath.split(File.pathSeparator))
            .map(entry -> Path.of(entry).toAbsolutePath().toString())
            .toList());
  }

  /// Fetches and compiles what is missing.
  ///
  /// @throws PeerFailure if the artifact does not resolve or the adapter does not compile
  Contestant build(String name) throws PeerFailure, IOException {
    Path source = home.resolve("bench/peers").resolve(name);
    Path target = home.resolve("bench/target/peers").resolve(name);
    Path lib = target.resolve("lib");
    Path classes = target.resolve("classes");
    if (isOlder(target.resolve("fetched"), List.of(source.resolve("pom.xml")))) {
      fetch(name);
      mark(target.resolve("fetched"));
    }
    List<Path> sources = sources(source.resolve("src"));
    Path adapter = target.resolve("adapter.jar");
    if (isOlder(adapter, sources)) {
      compile(sources, lib, classes);
      pack(classes, adapter);
      mark(adapter);
    }
    return contestant(name, source, List.of(adapter.toString(), lib + "/*", kit()));
  }

  private static Contestant contestant(String name, Path source, List<String> classPath)
      throws IOException {
    Properties properties = new Properties();
    try (var reader = Files.newBufferedReader(source.resolve("peer.properties"))) {
      properties.load(reader);
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(properties.getProperty("jvm").trim().split("\\s+")));
    command.add("-cp");
    command.add(joined(classPath));
    command.add(properties.getProperty("main").trim());
    return new Contestant(name, command);
  }

  private void fetch(String name) throws PeerFailure, IOException {
    System.err.println("fetching the jars of " + name + ", first run only ...");
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    List<String> command =
        List.of(
            windows ? "mvn.cmd" : "mvn",
            "-q",
            "-B",
            "-Dquick",
            "-Ppeers",
            "-pl",
            "bench/peers/" + name,
            "package");
    Path log = TemporaryPaths.file("quarry-peers", ".log");
    try {
      Process maven =
          new ProcessBuilder(command)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (maven.waitFor() != 0) {
        throw new PeerFailure("its jars do not resolve: " + firstError(log));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PeerFailure("interrupted while its jars were fetched");
    } finally {
      TemporaryPaths.delete(log);
    }
  }

  private static String firstError(Path log) throws IOException {
    try (Stream<String> lines = Files.lines(log)) {
      return lines.filter(line -> line.contains("ERROR")).findFirst().orElse("no reason given");
    }
  }

  private static void compile(List<Path> sources, Path lib, Path classes)
      throws PeerFailure, IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    if (compiler == null) {
      throw new PeerFailure("its adapter cannot be compiled: this is no JDK");
    }
    Files.createDirectories(classes);
    List<String> classPath = new ArrayList<>(jars(lib)); // it takes no wildcards
    classPath.add(kit());
    List<String> options =
        List.of("-proc:none", "-d", classes.toString(), "-cp", joined(classPath));
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources);
      if (!compiler.getTask(messages, files, null, options, null, units).call()) {
        throw new PeerFailure("its adapter does not compile: " + messages);
      }
    }
  }

  private static void pack(Path classes, Path jar) throws PeerFailure {
    java.util.spi.ToolProvider tool =
        java.util.spi.ToolProvider.findFirst("jar")
            .orElseThrow(() -> new PeerFailure("its adapter cannot be packed: this is no JDK"));
    String[] words = {"--create", "--file", jar.toString(), "-C", classes.toString(), "."};
    if (tool.run(System.err, System.err, words) != 0) {
      throw new PeerFailure("its adapter cannot be packed");
    }
  }

  private static List<String> jars(Path lib) throws IOException {
    try (Stream<Path> files = Files.list(lib)) {
      return files.map(Path::toString).sorted().toList();
    }
  }

  private static String joined(List<String> classPath) {
    return String.join(File.pathSeparator, classPath);
  }

  private static List<Path> sources(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(file -> file.toString().endsWith(".java")).sorted().toList();
    }
  }

  /// The jar or folder with what adapters stand on.
  private static String kit() {
    try {
      return Path.of(Session.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean isOlder(Path made, List<Path> of) throws IOException {
    if (!Files.exists(made)) {
      return true;
    }
    FileTime time = Files.getLastModifiedTime(made);
    for (Path file : of) {
      if (Files.getLastModifiedTime(file).compareTo(time) > 0) {
        return true;
      }
    }
    return false;
  }

  private static void mark(Path made) throws IOException {
    if (!Files.exists(made)) {
      Files.writeString(made, "");
    }
    Files.setLastModifiedTime(made, FileTime.fromMillis(System.currentTimeMillis()));
  }
}
