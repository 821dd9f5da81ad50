package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Node;
import dev.quarry.graph.NodeCursor;
import dev.quarry.storage.StoreOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An application that passes no JVM flag sees nothing of Quarry on stderr.
class FlaglessTest {
  @TempDir Path folder = Path.of("");

  @Test
  void anApplicationWithoutFlagsHasAnEmptyStderr() throws Exception {
    run(List.of());
  }

  @Test
  void anApplicationWithUnsafeMemoryAccessDeniedHasAnEmptyStderr() throws Exception {
    run(List.of("--sun-misc-unsafe-memory-access=deny"));
  }

  private void run(List<String> flags) throws Exception {
    Path store = folder.resolve("app" + flags.size() + ".quarry");
    ProcessBuilder java = Children.java(flags, Application.class, store.toString());
    java.environment().remove("JAVA_TOOL_OPTIONS");
    Process child = java.start();
    String out = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    String err = new String(child.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals("", err);
    assertEquals(0, child.waitFor());
    assertEquals("1", out);
  }

  /// Opens, writes, reads and closes a store with default options.
  static final class Application {
    public static void main(String[] args) {
      try (GraphStore graph = GraphStore.open(Path.of(args[0]), StoreOptions.defaults())) {
        GraphTransaction tx = graph.beginWrite();
        Node a = tx.createNode(Set.of("A"), Map.of("name", "a longer text than fits inline"));
        tx.createRelationship(a, "LOOPS", a, Map.of("since", 1999));
        tx.commit();
        try (GraphSnapshot snapshot = graph.beginRead();
            NodeCursor nodes = snapshot.nodes("A")) {
          int count = 0;
          while (nodes.next()) {
            count++;
          }
          System.out.print(count);
        }
      }
    }
  }
}
