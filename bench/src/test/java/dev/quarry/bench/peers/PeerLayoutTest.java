package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How the folders of peers lie, and that none of them is part of Quarry.
class PeerLayoutTest {
  private static final Path HOME = Path.of("..").toAbsolutePath().normalize();
  private static final Path PEERS = HOME.resolve("bench/peers");

  @Test
  void everyPeerIsAModuleOfOneDependencyWithAnAdapter() throws IOException {
    List<String> names = new PeerBuild(HOME).names();
    assertTrue(names.containsAll(List.of("duckdb", "kuzu", "neo4j")), names.toString());
    String parent = Files.readString(PEERS.resolve("pom.xml"));
    for (String name : names) {
      assertTrue(parent.contains("<module>" + name + "</module>"), name);
      String pom = Files.readString(PEERS.resolve(name).resolve("pom.xml"));
      assertEquals(2, pom.split("<dependency>").length, name);
      Properties properties = new Properties();
      try (var reader = Files.newBufferedReader(PEERS.resolve(name).resolve("peer.properties"))) {
        properties.load(reader);
      }
      String main = properties.getProperty("main").replace('.', '/') + ".java";
      assertTrue(Files.exists(PEERS.resolve(name).resolve("src").resolve(main)), main);
    }
  }

  @Test
  void noPeerIsOnTheClassPathOfQuarryOrInItsDefaultBuild() throws IOException {
    String root = Files.readString(HOME.resolve("pom.xml"));
    int profiles = root.indexOf("<profiles>");
    assertFalse(root.substring(0, profiles).contains("bench/peers"));
    for (String type :
        List.of("com.kuzudb.Database", "org.neo4j.graphdb.Node", "org.duckdb.DuckDBDriver")) {
      assertFalse(isThere(type), type);
    }
  }

  @Test
  void whatAdaptersStandOnImportsNothingButTheJdk() throws IOException {
    Path kit = HOME.resolve("bench/src/main/java/dev/quarry/bench/peers/kit");
    try (Stream<Path> files = Files.list(kit)) {
      for (Path file : files.filter(one -> !one.endsWith("package-info.java")).toList()) {
        for (String line : Files.readAllLines(file)) {
          assertTrue(
              !line.startsWith("import ")
                  || line.startsWith("import java.")
                  || line.startsWith("import dev.quarry.bench.peers.kit."),
              file.getFileName() + ": " + line);
        }
      }
    }
  }

  private static boolean isThere(String type) {
    try {
      Class.forName(type, false, PeerLayoutTest.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
