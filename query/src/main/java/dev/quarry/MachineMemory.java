package dev.quarry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// How much memory this process may use: the limit of its control group, else that of the machine.
///
/// Read from files rather than through management beans, which would cost a tenth of the start.
final class MachineMemory {
  private static final long UNKNOWN = 1L << 30;

  private MachineMemory() {}

  static long bytes() {
    long machine = totalOfMachine();
    long limit =
        Math.min(
            number(Path.of("/sys/fs/cgroup/memory.max")),
            number(Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes")));
    long least = Math.min(machine, limit);
    return least == Long.MAX_VALUE ? Math.max(UNKNOWN, Runtime.getRuntime().maxMemory()) : least;
  }

  private static long totalOfMachine() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
        if (line.startsWith("MemTotal:")) {
          return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
        }
      }
      return Long.MAX_VALUE;
    } catch (IOException | NumberFormatException notLinux) {
      return Long.MAX_VALUE;
    }
  }

  private static long number(Path file) {
    try {
      String text = Files.readString(file).strip();
      return text.equals("max") ? Long.MAX_VALUE : Long.parseLong(text);
    } catch (IOException | NumberFormatException noLimit) {
      return Long.MAX_VALUE;
    }
  }
}
