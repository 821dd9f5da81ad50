package dev.quarry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.quarry.graph.Node;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Random patterns on random small graphs, with loops and parallels, give as many rows as trying
/// out all relationships does (rules S19 and S20). The seed is printed when it fails: `-Dseed=N`.
class PatternOracleTest {
  private static final String[] TYPES = {"A", "B"};
  private static final String[] LABELS = {"X", "Y"};

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final Random random = new Random(seed);
  private final List<int[]> edges = new ArrayList<>();
  private int[] labels = {};

  /// A step of a chain: which way it points (0 right, 1 left, 2 both), its type or -1, its lengths.
  private record Step(int arrow, int type, int least, int most) {}

  @Test
  void patternsGiveWhatTryingOutAllRelationshipsGives() {
    for (int graph = 0; graph < 40; graph++) {
      try (Quarry db = Quarry.inMemory()) {
        create(db);
        for (int pattern = 0; pattern < 25; pattern++) {
          compare(db);
        }
        assertEquals(List.of(), db.admin().check().problems(), "seed " + seed);
      }
    }
  }

  private void create(Quarry db) {
    int nodes = 1 + random.nextInt(5);
    labels = new int[nodes];
    edges.clear();
    db.update(
        tx -> {
          List<Node> handles = new ArrayList<>();
          for (int i = 0; i < nodes; i++) {
            labels[i] = random.nextInt(2);
            handles.add(tx.createNode(Set.of(LABELS[labels[i]]), Map.of("i", i)));
          }
          int count = random.nextInt(8);
          for (int i = 0; i < count; i++) {
            int[] edge = {random.nextInt(nodes), random.nextInt(nodes), random.nextInt(2)};
            edges.add(edge);
            Map<String, Object> properties = random.nextBoolean() ? Map.of() : Map.of("w", i);
            tx.createRelationship(
                handles.get(edge[0]), TYPES[edge[2]], handles.get(edge[1]), properties);
          }
        });
  }

  private void compare(Quarry db) {
    int length = 1 + random.nextInt(3);
    int[] names = new int[length + 1];
    int[] wanted = new int[length + 1];
    List<Step> steps = new ArrayList<>();
    StringBuilder text = new StringBuilder("MATCH ");
    for (int i = 0; i <= length; i++) {
      names[i] = i > 0 && random.nextInt(4) == 0 ? names[random.nextInt(i)] : i;
      wanted[i] = random.nextInt(3) == 0 ? random.nextInt(2) : -1;
      text.append("(n").append(names[i]);
      text.append(wanted[i] < 0 ? ")" : ":" + LABELS[wanted[i]] + ")");
      if (i < length) {
        Step step = step();
        steps.add(step);
        text.append(text(step));
      }
    }
    text.append(" RETURN count(*)");
    int[] bound = new int[length + 1];
    java.util.Arrays.fill(bound, -1);
    long expected = 0;
    for (int node = 0; node < labels.length; node++) {
      bound[names[0]] = node;
      if (wanted[0] < 0 || labels[node] == wanted[0]) {
        expected += walk(0, node, 0, steps, names, wanted, bound, new boolean[edges.size()]);
      }
    }
    Object found = db.run(text.toString()).rows().getFirst().get(0);
    assertEquals(expected, found, () -> "seed " + seed + ": " + text);
  }

  private Step step() {
    int type = random.nextInt(3) - 1;
    if (random.nextInt(3) > 0) {
      return new Step(random.nextInt(3), type, -1, -1);
    }
    int least = random.nextInt(3);
    return new Step(random.nextInt(3), type, least, least + random.nextInt(3));
  }

  private static String text(Step step) {
    String inside =
        (step.type() < 0 ? "" : ":" + TYPES[step.type()])
            + (step.least() < 0 ? "" : "*" + step.least() + ".." + step.most());
    String middle = inside.isEmpty() ? "-" : "-[" + inside + "]-";
    middle = inside.isEmpty() ? "--" : middle;
    return switch (step.arrow()) {
      case 0 -> middle + ">";
      case 1 -> "<" + middle;
      default -> middle;
    };
  }

  /// How many ways there are from step `at` on; `taken` relationships of this step so far.
  private long walk(
      int at,
      int node,
      int taken,
      List<Step> steps,
      int[] names,
      int[] wanted,
      int[] bound,
      boolean[] used) {
    if (at == steps.size()) {
      return 1;
    }
    Step step = steps.get(at);
    int least = step.least() < 0 ? 1 : step.least();
    int most = step.least() < 0 ? 1 : step.most();
    long ways = 0;
    if (taken >= least) {
      ways += arrive(at, node, steps, names, wanted, bound, used);
    }
    if (taken == most) {
      return ways;
    }
    for (int e = 0; e < edges.size(); e++) {
      int[] edge = edges.get(e);
      if (used[e] || step.type() >= 0 && step.type() != edge[2]) {
        continue;
      }
      boolean forward = step.arrow() != 1 && edge[0] == node;
      boolean backward = step.arrow() != 0 && edge[1] == node;
      if (forward || backward) {
        used[e] = true;
        int other = forward ? edge[1] : edge[0];
        ways += walk(at, other, taken + 1, steps, names, wanted, bound, used);
        used[e] = false;
      }
    }
    return ways;
  }

  private long arrive(
      int at, int node, List<Step> steps, int[] names, int[] wanted, int[] bound, boolean[] used) {
    int name = names[at + 1];
    boolean known = bound[name] >= 0 && isBoundBefore(names, at + 1);
    if (known && bound[name] != node || wanted[at + 1] >= 0 && labels[node] != wanted[at + 1]) {
      return 0;
    }
    int before = bound[name];
    bound[name] = node;
    long ways = walk(at + 1, node, 0, steps, names, wanted, bound, used);
    bound[name] = known ? before : -1;
    return ways;
  }

  private static boolean isBoundBefore(int[] names, int at) {
    for (int i = 0; i < at; i++) {
      if (names[i] == names[at]) {
        return true;
      }
    }
    return false;
  }
}
