package dev.quarry.storage.simulation;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/// The states that a crash at one point can leave, each different one once.
///
/// Up to 14 pending units: all subsets, and each unit torn behind all before it. Beyond: all
/// prefixes, all single omissions, torn prefixes, pairs and random subsets, as many as asked for.
public final class CrashStates {
  /// Up to so many units all subsets are made.
  public static final int EXHAUSTIVE = 14;

  private final CrashPoint point;
  private final SplittableRandom random;
  private final Predicate<Selection> sink;
  private final Set<Long> seen = new HashSet<>();
  private int left;

  private CrashStates(
      CrashPoint point, SplittableRandom random, int most, Predicate<Selection> sink) {
    this.point = point;
    this.random = random;
    this.left = most;
    this.sink = sink;
  }

  /// Gives the states to `sink`, until it says false.
  ///
  /// @param most where not all subsets are made, the most states
  /// @param exhaustive the most units of which all subsets are made
  public static void of(
      CrashPoint point, long seed, int most, int exhaustive, Predicate<Selection> sink) {
    CrashStates states = new CrashStates(point, new SplittableRandom(seed), most, sink);
    if (point.size() <= Math.min(exhaustive, EXHAUSTIVE)) {
      states.left = Integer.MAX_VALUE;
      states.subsets();
      states.tornPrefixes();
    } else {
      states.prefixes();
      states.omissions();
      states.tornPrefixes();
      states.pairs();
      states.samples();
    }
  }

  private void subsets() {
    for (long bits = 0; bits < 1L << point.size() && left > 0; bits++) {
      give(Selection.of(BitSet.valueOf(new long[] {bits})));
    }
  }

  private void prefixes() {
    int size = point.size();
    int step = Math.max(1, size / Math.max(1, left / 3));
    for (int kept = size; kept >= 0 && left > 0; kept -= step) {
      give(Selection.of(from(kept)));
    }
    give(Selection.of(from(0)));
  }

  private void omissions() {
    int size = point.size();
    int step = Math.max(1, size / Math.max(1, left / 2));
    for (int lost = random.nextInt(step); lost < size && left > 0; lost += step) {
      BitSet one = new BitSet();
      one.set(lost);
      give(Selection.of(one));
    }
  }

  private void tornPrefixes() {
    int size = point.size();
    int step = Math.max(1, size / Math.max(1, left / 2));
    for (int torn = size - 1 - random.nextInt(step); torn >= 0 && left > 0; torn -= step) {
      if (point.tearable(torn)) {
        give(new Selection(from(torn + 1), torn));
      }
    }
  }

  private void pairs() {
    for (int tries = left / 2; tries > 0 && left > 0; tries--) {
      BitSet pair = new BitSet();
      pair.set(random.nextInt(point.size()));
      pair.set(random.nextInt(point.size()));
      give(Selection.of(pair));
    }
  }

  private void samples() {
    for (int tries = left; tries > 0 && left > 0; tries--) {
      int percent = 1 + random.nextInt(99);
      BitSet lost = new BitSet();
      for (int unit = 0; unit < point.size(); unit++) {
        if (random.nextInt(100) < percent) {
          lost.set(unit);
        }
      }
      int torn = random.nextInt(4) == 0 ? random.nextInt(point.size()) : -1;
      give(new Selection(lost, torn >= 0 && point.tearable(torn) ? torn : -1));
    }
  }

  private BitSet from(int first) {
    BitSet lost = new BitSet();
    lost.set(first, point.size());
    return lost;
  }

  private void give(Selection selection) {
    if (left > 0 && seen.add(point.effect(selection))) {
      left = sink.test(selection) ? left - 1 : 0;
    }
  }
}
