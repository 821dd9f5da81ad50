package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.bench.peers.FakePeer.Manner;
import dev.quarry.bench.peers.kit.Workload;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who gets an AOT cache, and what is said of who does not.
class AotCachesTest {
  @TempDir private Path folder;

  private AotCaches caches() throws Exception {
    return new AotCaches(folder.resolve("training"), List.of(Workload.LOOK_UP));
  }

  /// The class path of this test without folders, which keep a JVM from an AOT cache.
  private String jars() {
    List<String> jars = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = folder.resolve(jars.size() + ".jar");
        String[] words = {"--create", "--file", jar.toString(), "-C", entry, "."};
        assertEquals(
            0, ToolProvider.findFirst("jar").orElseThrow().run(System.out, System.err, words));
        jars.add(jar.toString());
      } else if (Files.exists(path)) {
        jars.add(entry);
      }
    }
    return String.join(File.pathSeparator, jars);
  }

  private static Contestant fake(String name, Manner manner, String classPath) {
    List<String> words = new ArrayList<>(FakePeer.contestant(name, manner).command());
    words.set(words.indexOf("-cp") + 1, classPath);
    return new Contestant(name, words);
  }

  @Test
  void aStoreWhoseProcessWasKilledIsLeftForTheTraining() throws Exception {
    caches().trained(fake("rival", Manner.HONEST, jars()));
    assertTrue(Files.isDirectory(folder.resolve("training/rival-killed")));
  }

  @Test
  void whoseJvmMakesOneStartsWithIt() throws Exception {
    AotCaches caches = caches();
    Contestant given = fake("rival", Manner.HONEST, jars());
    Contestant trained = caches.trained(given);
    assertFalse(caches.told().contains("but not"), caches.told());
    Path cache = folder.resolve("training/rival.aot");
    assertTrue(Files.size(cache) > 0);
    assertEquals(given.with("-XX:AOTMode=on", "-XX:AOTCache=" + cache), trained);
  }

  @Test
  void whoFailsToLoadGoesWithoutAndTheReportSaysWhy() throws Exception {
    AotCaches caches = caches();
    Contestant given = FakePeer.contestant("rival", Manner.STILLBORN);
    assertEquals(given, caches.trained(given));
    assertTrue(caches.told().contains("but not rival: ended with "), caches.told());
  }

  @Test
  void whoseClassesLieInAFolderGoesWithout() throws Exception {
    AotCaches caches = caches();
    Contestant given = FakePeer.contestant("rival", Manner.HONEST);
    assertEquals(given, caches.trained(given));
    assertTrue(caches.told().contains("but not rival: "), caches.told());
  }
}
