package dev.quarry.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What identities of stores look like.
class IdentitiesTest {
  @TempDir Path folder;

  @Test
  void eachIsOfVersionFourAndUnlikeAllOthers() {
    Set<UUID> made = new HashSet<>();
    for (int i = 0; i < 1_000; i++) {
      made.add(Identities.make());
    }
    assertEquals(1_000, made.size());
    made.forEach(IdentitiesTest::isRandom);
  }

  @Test
  void allOtherBitsAreThoseOfTheDevice() {
    UUID none = Identities.of(0, 0);
    UUID all = Identities.of(-1, -1);
    isRandom(none);
    isRandom(all);
    long mostThatDiffer = none.getMostSignificantBits() ^ all.getMostSignificantBits();
    long leastThatDiffer = none.getLeastSignificantBits() ^ all.getLeastSignificantBits();
    assertEquals(122, Long.bitCount(mostThatDiffer) + Long.bitCount(leastThatDiffer));
  }

  @Test
  void theyAreReadFromTheDevice() throws Exception {
    byte[] bits = new byte[64];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = (byte) (i + 1);
    }
    Path device = Files.write(folder.resolve("device"), bits);
    assertEquals("01020304-0506-4708-890a-0b0c0d0e0f10", Identities.make(device).toString());
  }

  @Test
  void withoutADeviceOrWithOneThatEndsTheyAreRandomAsWell() throws Exception {
    Path empty = Files.write(folder.resolve("empty"), new byte[15]);
    for (Path device : new Path[] {empty, folder.resolve("none")}) {
      UUID one = Identities.make(device);
      isRandom(one);
      assertNotEquals(one, Identities.make(device));
    }
  }

  private static void isRandom(UUID one) {
    assertEquals(4, one.version());
    assertEquals(2, one.variant());
  }
}
