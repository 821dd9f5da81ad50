package dev.quarry.bench.allocator;

import dev.quarry.bench.Median;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// All contenders in all workloads, with 1 and 2 threads, round by round.
///
/// In a round every contender runs once; its ratio is to what glibc took in the same round, once of
/// the time elapsed, and once of the thread's processor time, which other processes hardly touch.
/// Two downcalls of a function that does nothing run too, in the workloads of one size; the median
/// of their processor time is taken off whoever makes downcalls, for a third ratio.
public final class AllocatorBenchmark {
  private static final int WARM_UP = 3;
  private static final int WARM_UP_MILLISECONDS = 300;

  private final List<Contender> contenders = new ArrayList<>();
  private final Workload workload;
  private final int threads;
  private final int rounds;
  private final double[][] elapsed;
  private final double[][] cpu;
  private double downcalls;

  private AllocatorBenchmark(
      List<Contender> all, Workload workload, int threads, int rounds, double downcalls) {
    all.stream().filter(contender -> contender.does(workload)).forEach(contenders::add);
    this.workload = workload;
    this.threads = threads;
    this.rounds = rounds;
    this.elapsed = new double[contenders.size()][rounds];
    this.cpu = new double[contenders.size()][rounds];
    this.downcalls = downcalls;
  }

  /// Measures, and tells lines of Markdown.
  ///
  /// @param rounds that count; three more come before them
  /// @param millions of resizes before memory is looked at
  public static void run(int rounds, int millions, Consumer<String> out) throws Exception {
    Contenders installed = new Contenders();
    installed.missing().forEach(out);
    List<Contender> all = new ArrayList<>(Contenders.yardsticks());
    all.addAll(installed.all());
    for (int threads = 1; threads <= 2; threads++) {
      double downcalls = 0;
      for (Workload workload : Workload.all()) {
        AllocatorBenchmark one = new AllocatorBenchmark(all, workload, threads, rounds, downcalls);
        one.measure();
        one.report(out);
        downcalls = one.downcalls;
      }
    }
    Fragmentation.report(installed.all(), millions, out);
  }

  private void measure() throws InterruptedException {
    for (Contender contender : contenders) {
      Race.run(contender, workload.lasting(WARM_UP_MILLISECONDS), threads);
    }
    for (int round = -WARM_UP; round < rounds; round++) {
      for (int i = 0; i < contenders.size(); i++) {
        int turn = Math.floorMod(i + round, contenders.size()); // so that nobody is always first
        Race.Time time = Race.run(contenders.get(turn), workload, threads);
        if (round >= 0) {
          elapsed[turn][round] = time.elapsed();
          cpu[turn][round] = time.cpu();
        }
      }
    }
    if (indexOf(Contenders.LABS) >= 0) {
      double two = Median.of(cpu[indexOf(Contenders.LABS)]);
      downcalls = Math.max(0, two - Median.of(cpu[indexOf(Contenders.LOOP)]));
    }
  }

  private void report(Consumer<String> out) {
    out.accept("");
    out.accept(
        "%s, %d thread%s, %d rounds%n"
            .formatted(workload.name(), threads, threads == 1 ? "" : "s", rounds));
    out.accept(
        "| allocator | ns | / glibc | spread | CPU ns | / glibc | spread | less downcalls, CPU ns"
            + " | / glibc | spread |");
    out.accept("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
    for (int i = 0; i < contenders.size(); i++) {
      out.accept(line(i));
    }
  }

  private String line(int contender) {
    int glibc = indexOf(Contenders.GLIBC);
    double[] less = lessDowncalls(contender);
    return String.format(
        Locale.ROOT,
        "| %s | %.1f | %s | %.1f | %s | %.1f | %s |",
        contenders.get(contender).name(),
        Median.of(elapsed[contender]),
        ratio(elapsed[contender], elapsed[glibc]),
        Median.of(cpu[contender]),
        ratio(cpu[contender], cpu[glibc]),
        Median.of(less),
        ratio(less, lessDowncalls(glibc)));
  }

  private double[] lessDowncalls(int contender) {
    double[] less = cpu[contender].clone();
    if (contenders.get(contender).downcalls()) {
      Arrays.setAll(less, round -> cpu[contender][round] - downcalls);
    }
    return less;
  }

  private static String ratio(double[] ours, double[] theirs) {
    double[] ratios = new double[ours.length];
    Arrays.setAll(ratios, round -> ours[round] / theirs[round]);
    Arrays.sort(ratios);
    return String.format(
        Locale.ROOT,
        "**%.2f** | %.2f – %.2f",
        Median.of(ratios),
        ratios[0],
        ratios[ratios.length - 1]);
  }

  private int indexOf(String name) {
    for (int i = 0; i < contenders.size(); i++) {
      if (contenders.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
