package dev.quarry.bench.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.torture.Run;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A part of R15; `./quarry torture --suite R15` runs all of it.
class PlantedBugsTest {
  private static final int PLANTS = 5;

  @TempDir Path folder = Path.of("");
  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);

  @Test
  void everyPlantAppliesAndCompiles() {
    PlantedClasses classes = PlantedClasses.ofThisClone();
    List<String> faults = new ArrayList<>();
    for (Plant plant : Plant.all()) {
      try {
        classes.compile(plant, folder);
      } catch (IllegalStateException e) {
        faults.add(String.valueOf(e.getMessage()));
      }
    }
    assertEquals(List.of(), faults);
  }

  @Test
  void thePlantsOfTheDayAreCaught() {
    List<Plant> plants = new ArrayList<>(Plant.all());
    assertTrue(plants.removeIf(Plant::isRare), "no line says that a plant is met rarely");
    Collections.shuffle(plants, new Random(seed));
    PlantedBugs suite = new PlantedBugs(plants.subList(0, PLANTS), false);
    Run run = new Run(suite, seed, Long.MAX_VALUE, Long.MAX_VALUE, all -> {}).go();
    System.out.println("seed " + seed + "\n" + suite.details());
    run.ensureNone();
  }

  @Test
  void theNamesArePlain() {
    List<String> names = Plant.all().stream().map(Plant::name).toList();
    assertEquals(names.size(), names.stream().distinct().count());
    assertTrue(names.size() >= 20);
    for (String name : names) {
      assertTrue(name.matches("[a-z-]+"), name);
    }
  }

  @Test
  void aPlantSaysWhetherItIsMetRarely() {
    String one = "plant  a\nkind   k\nsuite  R2\nfile   A.java\nwhat   w\n<<<<\nx\n====\n>>>>\n";
    String other = one.replace("file", "met    rarely\nfile");
    List<Plant> plants = Plant.parse(one + other + one);
    assertEquals(List.of(false, true, false), plants.stream().map(Plant::isRare).toList());
    assertEquals("A.java", plants.get(1).file());
    String unknown = other.replace("rarely", "often");
    assertThrows(IllegalArgumentException.class, () -> Plant.parse(unknown));
  }

  @Test
  void aStalePlantIsNamed() {
    Plant plant =
        new Plant("stale", "kind", "R2", List.of(), false, "A.java", "a bug", "  call();\n", "");
    assertEquals("void f() {\n}\n", plant.applyTo("void f() {\n  call();\n}\n"));
    assertStale(plant, "void f() {}\n", "nowhere");
    assertStale(plant, "  call();\n  call();\n", "more than once");
  }

  private static void assertStale(Plant plant, String source, String where) {
    IllegalStateException error =
        assertThrows(IllegalStateException.class, () -> plant.applyTo(source));
    String message = String.valueOf(error.getMessage());
    assertTrue(message.contains("the plant stale is stale"), message);
    assertTrue(message.contains("stands " + where + " in A.java"), message);
  }
}
