package dev.quarry.storage.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A process that runs cases of [HostileFiles]. Before each it notes the name of the case in a file
/// that is mapped, so that the name outlives the process.
///
/// It says `+ n` for n cases that ended well, `! case TAB message` for one that did not, and at the
/// end `= n TAB what` for what it counted.
public final class HostileChild {
  private static final int NAME_BYTES = 256;

  private static @Nullable MappedByteBuffer current;

  private HostileChild() {}

  static Map<Workload, Victim> make(Class<?> who) {
    try {
      @SuppressWarnings("unchecked")
      Supplier<Map<Workload, Victim>> made =
          (Supplier<Map<Workload, Victim>>) who.getDeclaredConstructor().newInstance();
      return made.get();
    } catch (ReflectiveOperationException e) {
      throw new IllegalArgumentException(who + " has no constructor without parameters", e);
    }
  }

  public static void main(String[] arguments) throws Exception {
    try (FileChannel file =
        FileChannel.open(
            Path.of(arguments[3]),
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE)) {
      current = file.map(FileChannel.MapMode.READ_WRITE, 0, NAME_BYTES);
    }
    @SuppressWarnings("unchecked")
    Class<? extends Supplier<Map<Workload, Victim>>> who =
        (Class<? extends Supplier<Map<Workload, Victim>>>) Class.forName(arguments[0]);
    long most = Long.parseLong(arguments[2]);
    long[] told = new long[1];
    HostileFiles suite = new HostileFiles(who);
    Run run =
        new Run(
            suite,
            Long.parseLong(arguments[1]),
            most,
            Long.MAX_VALUE,
            all -> {
              System.out.println("+ " + (all.states() - told[0]));
              told[0] = all.states();
            });
    suite.all(run, most);
    System.out.println("+ " + (run.states() - told[0]));
    run.failures()
        .forEach(
            failure ->
                System.out.println(
                    "! "
                        + failure.caseName()
                        + "\t"
                        + failure.message().lines().findFirst().orElse("")));
    run.counts().forEach((what, count) -> System.out.println("= " + count + "\t" + what));
    System.exit(0);
  }

  /// Notes which case runs, if this is such a process.
  static void note(String name) {
    MappedByteBuffer file = current;
    if (file != null) {
      byte[] bytes = new byte[NAME_BYTES];
      byte[] text = name.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(text, 0, bytes, 0, Math.min(text.length, NAME_BYTES));
      file.put(0, bytes);
    }
  }

  /// Starts one.
  ///
  /// @param checked whether it checks each access to memory
  static Handle start(Class<?> who, boolean checked, long seed, long states, Path folder) {
    Path name = folder.resolve(checked ? "checked" : "unchecked");
    List<String> options = new ArrayList<>();
    options.addAll(List.of("-XX:TieredStopAtLevel=4", "-Xmx1g", "-Dquarry.spareExtents=true"));
    options.add("-Dquarry.check=" + checked);
    Child child =
        Child.start(
            options,
            HostileChild.class,
            who.getName(),
            String.valueOf(seed),
            String.valueOf(states),
            name.toString());
    return new Handle(child, name, checked);
  }

  /// Such a process, seen from the one that started it.
  record Handle(Child child, Path name, boolean checked) implements AutoCloseable {
    /// Reports one thing that it says.
    ///
    /// @return whether there may be more
    boolean report(Run run) {
      String mode = checked ? ", checked" : ", unchecked";
      String line = run.states() < run.mostStates() && !run.more() ? null : child.answer();
      if (line == null) {
        if (run.more() && child.await() != 0) {
          run.check(last(), null, () -> fail("the process of this case has died" + mode));
        }
        return false;
      }
      String[] parts = line.substring(2).split("\t", 2);
      switch (line.charAt(0)) {
        case '+' -> {
          run.passed(Long.parseLong(parts[0]));
          run.count("cases" + mode, Long.parseLong(parts[0]));
        }
        case '!' -> run.check(parts[0], null, () -> fail(parts[1]));
        default -> run.count(parts[1], Long.parseLong(parts[0]));
      }
      return true;
    }

    private static void fail(String message) {
      throw new Violation(message);
    }

    private String last() {
      try {
        return Files.readString(name).replace("\0", "");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      child.close();
    }
  }
}
