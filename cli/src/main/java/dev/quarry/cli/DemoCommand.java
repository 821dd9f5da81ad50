package dev.quarry.cli;

import dev.quarry.cli.demo.Demo;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `quarry demo`
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = "Shows in half a minute what Quarry does, all measured live; 1 if a claim fails.")
final class DemoCommand implements Callable<Integer> {
  @Option(names = "--fast", description = "The same in a few seconds, for CI.")
  boolean fast;

  private final Terminal terminal;

  DemoCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    return new Demo(terminal.out(), terminal.width(), fast).run() ? Exit.OK : Exit.FAILED;
  }
}
