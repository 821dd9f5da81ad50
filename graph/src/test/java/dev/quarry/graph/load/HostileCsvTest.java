package dev.quarry.graph.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.QuarryException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Progress;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.GraphStore;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.NativeSource;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Whatever bytes a file has, a load ends with a whole graph or with an error of Quarry's own and
/// no graph (R13). `-Dcases=N` runs more, `-Dseed=N` the same again.
class HostileCsvTest {
  private static final byte[][] PIECES = {
    {'"'},
    {'"', '"'},
    {','},
    {'\n'},
    {'\r'},
    {'\r', '\n'},
    {';'},
    {':'},
    {0},
    {'\\'},
    {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF},
    {(byte) 0xC0},
    {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
    {(byte) 0xFE, (byte) 0xFF},
    "9223372036854775808".getBytes(StandardCharsets.US_ASCII),
    "1e999".getBytes(StandardCharsets.US_ASCII),
    ":START_ID".getBytes(StandardCharsets.US_ASCII),
    ":LABEL".getBytes(StandardCharsets.US_ASCII),
    ":int".getBytes(StandardCharsets.US_ASCII),
    "-0".getBytes(StandardCharsets.US_ASCII),
  };

  private static final String NODES =
      "id:ID(P),name,age:int,tall:boolean,height:double,born:date,tags:string[],:LABEL,x:IGNORE\n"
          + "1,\"Ada, \"\"Countess\"\"\",36,true,1.65,1815-12-10,a;b,Writer;Rich,?\n"
          + "2,,,,,,,,\n3,Zoë,7,false,-1e9,2024-02-29,,A,\n";
  private static final String RELATIONSHIPS =
      ":START_ID(P),:END_ID(P),since:int,:TYPE\n1,2,1830,KNOWS\n2,1,,LIKES\n3,3,7,KNOWS\n";

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime());

  @Test
  void anyBytesAreAGraphOrATypedError() throws IOException {
    int loaded = 0;
    int cases = Integer.getInteger("cases", 400);
    for (int i = 0; i < cases; i++) {
      Random random = new Random(seed + i);
      boolean nodes = random.nextBoolean();
      Path people = file("people.csv", NODES, nodes ? random : null);
      Path knows = file("knows.csv", RELATIONSHIPS, nodes ? null : random);
      LoadPlan plan = new LoadPlan().nodes("Person", people).relationships("", knows);
      try {
        loaded += load(plan) ? 1 : 0;
      } catch (RuntimeException | Error e) {
        throw new AssertionError("-Dseed=" + (seed + i) + " -Dcases=1", e);
      }
    }
    assertTrue(loaded > 0, "seed " + seed);
    assertTrue(loaded < cases, "seed " + seed);
  }

  private static boolean load(LoadPlan plan) {
    StoreOptions options =
        StoreOptions.defaults().withMemory(16 << 20).withNativeMemory(NativeSource.FOREIGN);
    GraphStore store = GraphStore.inMemory(options);
    boolean loaded = false;
    try (store) {
      try {
        new Loader(store).load(plan, Progress.NONE);
        loaded = true;
      } catch (QuarryException refused) {
        // That is what it is for.
      }
      try (GraphSnapshot snapshot = store.beginRead()) {
        assertEquals(java.util.List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
        assertTrue(loaded || !snapshot.nodes().next(), "there is a graph in spite of the error");
      }
    }
    assertEquals(0, store.store().budget().used());
    return loaded;
  }

  private Path file(String name, String text, @org.jspecify.annotations.Nullable Random random)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int left = random == null ? 0 : 1 + random.nextInt(3); left > 0; left--) {
      bytes = changed(bytes, random);
    }
    return Files.write(folder.resolve(name), bytes);
  }

  private static byte[] changed(byte[] bytes, Random random) {
    int from = random.nextInt(bytes.length + 1);
    int end = Math.min(bytes.length, from + random.nextInt(12));
    ByteArrayOutputStream changed = new ByteArrayOutputStream();
    changed.write(bytes, 0, from);
    switch (random.nextInt(6)) {
      case 0 -> changed.write(random.nextInt(256));
      case 1 -> {} // cut out
      case 2 -> {
        for (int times = 1 << random.nextInt(17); times > 0; times--) {
          changed.write('x'); // a long field
        }
      }
      case 3 -> {
        for (int times = random.nextInt(300); times > 0; times--) {
          changed.writeBytes(PIECES[random.nextInt(PIECES.length)]);
        }
      }
      case 4 -> changed.write(bytes, 0, end); // once more
      default -> changed.writeBytes(PIECES[random.nextInt(PIECES.length)]);
    }
    int rest = random.nextBoolean() ? end : from;
    changed.write(bytes, rest, bytes.length - rest);
    return changed.toByteArray();
  }
}
