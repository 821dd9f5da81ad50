package dev.quarry.storage.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/// The moment before a barrier: what is durable, and what a crash may lose or keep.
///
/// Between two barriers units are only added, so every state that a crash in between can leave is
/// one of this moment, with a subset of its units.
public final class CrashPoint {
  private final int number;
  private final SimImage durable;
  private final List<Unit> units;
  private final int acknowledged;
  private final int sectorBytes;
  private final int[] superseding;

  CrashPoint(int number, SimImage durable, List<Unit> units, int acknowledged, int sectorBytes) {
    this.number = number;
    this.durable = durable;
    this.units = units;
    this.acknowledged = acknowledged;
    this.sectorBytes = sectorBytes;
    this.superseding = superseding(units);
  }

  /// Its number, from 0, in order.
  public int number() {
    return number;
  }

  /// What [SimDisk#acknowledge] was told last before it.
  public int acknowledged() {
    return acknowledged;
  }

  List<Unit> units() {
    return units;
  }

  /// How many units are pending.
  public int size() {
    return units.size();
  }

  /// Whether a unit can be torn.
  boolean tearable(int unit) {
    return units.get(unit) instanceof Unit.Sector;
  }

  /// The disk after a crash here.
  ///
  /// @param garbage seed of what a torn sector holds
  public SimDisk image(Selection selection, long garbage) {
    SimImage image = durable.fork();
    for (int i = 0; i < units.size(); i++) {
      if (i == selection.torn() && units.get(i) instanceof Unit.Sector sector) {
        torn(image, sector, garbage ^ i).apply(image);
      } else if (!selection.lost().get(i)) {
        units.get(i).apply(image);
      }
    }
    return new SimDisk(image, sectorBytes);
  }

  /// What was meant, but for one sector of it that changes: that holds garbage, as a whole or
  /// behind some bytes of what was meant.
  private static Unit.Sector torn(SimImage image, Unit.Sector unit, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = unit.bytes().clone();
    byte[] old = new byte[bytes.length];
    image.content(unit.file()).read(unit.at(), ByteBuffer.wrap(old));
    int sectors = bytes.length / SimDisk.SECTOR;
    int sector = random.nextInt(sectors);
    for (int i = 0; i < sectors; i++) {
      int from = (sector + i) % sectors * SimDisk.SECTOR;
      int end = from + SimDisk.SECTOR;
      if (!Arrays.equals(bytes, from, end, old, from, end)) {
        int whole = random.nextBoolean() ? 0 : random.nextInt(SimDisk.SECTOR);
        byte[] garbage = new byte[SimDisk.SECTOR - whole];
        random.nextBytes(garbage);
        System.arraycopy(garbage, 0, bytes, from + whole, garbage.length);
        break;
      }
    }
    return new Unit.Sector(unit.file(), unit.at(), bytes);
  }

  /// The same for selections that leave the same image.
  long effect(Selection selection) {
    BitSet lost = selection.lost();
    long effect = 0;
    for (int i = 0; i < units.size(); i++) {
      boolean torn = i == selection.torn();
      if (torn || !lost.get(i)) {
        int later = superseding[i];
        while (later >= 0 && lost.get(later) && later != selection.torn()) {
          later = superseding[later];
        }
        effect += later >= 0 ? 0 : mix(torn ? ~i : i);
      }
    }
    return effect;
  }

  private static long mix(long value) {
    return new SplittableRandom(value).nextLong();
  }

  /// For each unit the next one with the same target, -1 if there is none.
  private static int[] superseding(List<Unit> units) {
    int[] next = new int[units.size()];
    Map<Object, Integer> later = new HashMap<>();
    for (int i = units.size() - 1; i >= 0; i--) {
      Object target = Unit.target(units.get(i));
      Integer found = target == null ? null : later.put(target, i);
      next[i] = found == null ? -1 : found;
    }
    return next;
  }
}
