package dev.quarry.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.OpenOptions;
import dev.quarry.QueryOptions;
import dev.quarry.cli.render.Mode;
import dev.quarry.error.CancelledException;
import dev.quarry.error.ErrorCode;
import dev.quarry.error.QuarryException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

class StatementRunnerTest {
  private static final String LONG =
      "UNWIND range(1, 100000) AS x UNWIND range(1, 100000) AS y"
          + " WITH x, y WHERE x < 0 RETURN count(*) AS n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private StatementRunner runner(StoreLocation store) {
    PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
    return new StatementRunner(
        store,
        new Terminal(stream, stream, "", 80),
        new LinkedHashMap<>(),
        QueryOptions.DEFAULT,
        Mode.CSV);
  }

  @Test
  void aStatementThatIsCancelledTakesItsTransactionAlong() throws InterruptedException {
    OpenOptions options = OpenOptions.defaults().withMemory(64 << 20);
    try (StoreLocation store =
            new StoreLocation(null, options, new Terminal(System.out, System.err, "", 80));
        StatementRunner runner = runner(store)) {
      runner.transact("BEGIN");
      runner.run("CREATE (:Lost)");
      Thread caller = new Thread(() -> cancelUntilInterrupted(runner));
      caller.start();
      assertThrows(CancelledException.class, () -> runner.run(LONG));
      caller.interrupt();
      caller.join();
      assertTrue(runner.transaction().isDoomed());
      QuarryException error = assertThrows(QuarryException.class, () -> runner.transact("COMMIT"));
      assertEquals(ErrorCode.TRANSACTION_DOOMED, error.code());
      runner.transact("ROLLBACK");
      assertFalse(Thread.currentThread().isInterrupted());
      runner.run("MATCH (n) RETURN count(n) AS n");
      assertEquals("n\n0\n", out.toString(StandardCharsets.UTF_8));
    }
  }

  private static void cancelUntilInterrupted(StatementRunner runner) {
    while (!Thread.currentThread().isInterrupted()) {
      runner.cancel();
      Thread.onSpinWait();
    }
  }
}
