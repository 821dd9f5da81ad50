package dev.quarry.storage.torture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.storage.torture.ListCheck.Anomaly;
import dev.quarry.storage.torture.ListHistory.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Each anomaly, planted, is found under its name; what is right is found right.
class ListCheckTest {
  private static final int X = 1;
  private static final int Y = 2;

  private final long seed = Long.getLong("seed", System.nanoTime());
  private final ListHistory history = new ListHistory();

  private Transaction begin() {
    return history.begin("test");
  }

  private void commit(Transaction... together) {
    for (Transaction transaction : together) {
      transaction.committed(history.tick());
    }
  }

  private void assertFinds(Anomaly expected) {
    List<ListCheck.Finding> findings = ListCheck.of(history);
    assertTrue(!findings.isEmpty(), "nothing found in\n" + history);
    assertEquals(expected, findings.getFirst().anomaly(), findings + " in\n" + history);
  }

  private void assertClean() {
    assertEquals(List.of(), ListCheck.of(history), history.toString());
  }

  @Test
  void aSerialHistoryIsClean() {
    commit(begin().append(X, 1).append(Y, 2));
    commit(begin().read(X, 1).append(X, 3).read(X, 1, 3));
    commit(begin().read(X, 1, 3).read(Y, 2));
    assertClean();
  }

  @Test
  void readersThatBeganBeforeTheAcknowledgementMayOrMayNotSeeIt() {
    Transaction writer = begin().append(X, 1);
    Transaction sees = begin().read(X, 1);
    Transaction doesNot = begin().read(X);
    commit(writer, sees, doesNot);
    assertClean();
  }

  @Test
  void transactionsThatOverwriteEachOtherAreG0() {
    Transaction one = begin().append(X, 1).append(Y, 2);
    Transaction two = begin().append(X, 3).append(Y, 4);
    Transaction reader = begin().read(X, 1, 3).read(Y, 4, 2);
    commit(one, two, reader);
    assertFinds(Anomaly.G0);
  }

  @Test
  void whatWasRolledBackAndReadIsG1a() {
    begin().append(X, 1).aborted();
    commit(begin().read(X, 1));
    assertFinds(Anomaly.G1A);
  }

  @Test
  void whatAnOpenTransactionHasWrittenIsG1a() {
    begin().append(X, 1);
    commit(begin().read(X, 1));
    assertFinds(Anomaly.G1A);
  }

  @Test
  void theMiddleOfATransactionIsG1b() {
    Transaction writer = begin().append(X, 1).append(X, 2);
    Transaction reader = begin().read(X, 1);
    commit(writer, reader);
    assertFinds(Anomaly.G1B);
  }

  @Test
  void transactionsThatReadEachOtherAreG1c() {
    Transaction one = begin().append(X, 1).read(Y, 2);
    Transaction two = begin().append(Y, 2).read(X, 1);
    commit(one, two);
    assertFinds(Anomaly.G1C);
  }

  @Test
  void aReaderOfOneHalfOfATransactionIsGSingle() {
    Transaction writer = begin().append(X, 1).append(Y, 2);
    Transaction reader = begin().read(X, 1).read(Y);
    commit(writer, reader);
    commit(begin().read(X, 1).read(Y, 2));
    assertFinds(Anomaly.G_SINGLE);
  }

  @Test
  void aReaderOfOneHalfIsFoundAlsoIfNobodyEverReadsTheOtherHalf() {
    Transaction writer = begin().append(X, 1).append(Y, 2);
    writer.tries();
    commit(begin().read(X, 1).read(Y));
    assertFinds(Anomaly.G_SINGLE);
  }

  @Test
  void twoAppendsToTheSameStateAreALostUpdate() {
    Transaction one = begin().read(X).append(X, 1);
    Transaction two = begin().read(X).append(X, 2);
    commit(one, two);
    commit(begin().read(X, 1, 2));
    assertFinds(Anomaly.LOST_UPDATE);
  }

  @Test
  void anAppendThatIsGoneIsALostUpdate() {
    Transaction one = begin().read(X).append(X, 1);
    Transaction two = begin().read(X).append(X, 2);
    commit(one, two);
    commit(begin().read(X, 2));
    assertFinds(Anomaly.LOST_UPDATE);
  }

  @Test
  void readersThatSeeTwoWritesInDifferentOrdersAreALongFork() {
    Transaction one = begin().append(X, 1);
    Transaction two = begin().append(Y, 2);
    Transaction left = begin().read(X, 1).read(Y);
    Transaction right = begin().read(X).read(Y, 2);
    commit(one, two, left, right);
    assertFinds(Anomaly.LONG_FORK);
  }

  @Test
  void readersThatSeeTwoWritesInOneOrderAreNoLongFork() {
    Transaction one = begin().append(X, 1);
    Transaction two = begin().append(Y, 2);
    Transaction neither = begin().read(X).read(Y);
    Transaction first = begin().read(X, 1).read(Y);
    Transaction both = begin().read(X, 1).read(Y, 2);
    commit(one, two, both, first, neither);
    assertClean();
  }

  @Test
  void aForkOfThreeReadersIsFound() {
    Transaction x = begin().append(X, 1);
    Transaction y = begin().append(Y, 2);
    Transaction z = begin().append(3, 3);
    Transaction first = begin().read(X, 1).read(Y);
    Transaction second = begin().read(Y, 2).read(3);
    Transaction third = begin().read(3, 3).read(X);
    commit(x, y, z, first, second, third);
    assertFinds(Anomaly.LONG_FORK);
  }

  @Test
  void transactionsThatOverwriteWhatTheOtherHasReadAreWriteSkew() {
    Transaction one = begin().read(X).read(Y).append(X, 1);
    Transaction two = begin().read(X).read(Y).append(Y, 2);
    commit(one, two);
    commit(begin().read(X, 1).read(Y, 2));
    assertFinds(Anomaly.WRITE_SKEW);
  }

  @Test
  void aReaderThatBeganAfterTheAcknowledgementAndDoesNotSeeItContradictsTime() {
    commit(begin().append(X, 1));
    commit(begin().read(X));
    assertFinds(Anomaly.REAL_TIME);
  }

  @Test
  void aReaderThatSeesLessThanOneThatHadEndedContradictsTime() {
    Transaction writer = begin().append(X, 1);
    commit(begin().read(X, 1));
    commit(begin().read(X));
    commit(writer);
    assertFinds(Anomaly.REAL_TIME);
  }

  @Test
  void aCommitThatIsGoneAfterItWasReadContradictsTime() {
    Transaction writer = begin().append(X, 1);
    writer.tries();
    commit(begin().read(X, 1));
    history.stop();
    history.goOn();
    commit(begin().read(X));
    assertFinds(Anomaly.REAL_TIME);
  }

  @Test
  void whatAReaderHadReadWhenThePowerWentCountsAndWhatAnOpenWriterHadReadDoesNot() {
    begin().append(X, 1).tries();
    begin().read(X, 1);
    history.stop();
    history.goOn();
    commit(begin().read(X));
    assertClean();
    begin().append(Y, 2).tries();
    history.beginRead("reader").read(Y, 2);
    history.stop();
    history.goOn();
    commit(begin().read(Y));
    assertFinds(Anomaly.REAL_TIME);
  }

  @Test
  void aCommitOfUnknownFateMayBeThereOrNot() {
    begin().append(X, 1).tries();
    begin().append(Y, 2).tries();
    history.stop();
    history.goOn();
    commit(begin().read(X, 1).read(Y));
    assertClean();
  }

  @Test
  void whatIsToldAfterThePowerIsGoneWasNeverTold() {
    Transaction writer = begin().append(X, 1);
    writer.tries();
    history.stop();
    commit(writer);
    history.goOn();
    commit(begin().read(X));
    assertClean();
  }

  @Test
  void aListThatChangesWithinATransactionIsInternal() {
    Transaction writer = begin().append(X, 1);
    Transaction reader = begin().read(X).read(X, 1);
    commit(writer, reader);
    assertFinds(Anomaly.INTERNAL);
  }

  @Test
  void aTransactionThatDoesNotSeeItsOwnAppendIsInternal() {
    commit(begin().append(X, 1).read(X));
    assertFinds(Anomaly.INTERNAL);
  }

  @Test
  void whatNobodyAppendedIsGarbage() {
    commit(begin().read(X, 77));
    assertFinds(Anomaly.GARBAGE);
  }

  @Test
  void aValueOfAnotherListIsGarbage() {
    Transaction writer = begin().append(X, 1);
    commit(writer, begin().read(Y, 1));
    assertFinds(Anomaly.GARBAGE);
  }

  @Test
  void aValueThatIsThereTwiceIsGarbage() {
    Transaction writer = begin().append(X, 1);
    commit(writer, begin().read(X, 1, 1));
    assertFinds(Anomaly.GARBAGE);
  }

  @Test
  void readsThatDisagreeAboutAnOrderAreFound() {
    Transaction one = begin().append(X, 1);
    Transaction two = begin().append(X, 2);
    Transaction left = begin().read(X, 1, 2);
    Transaction right = begin().read(X, 2);
    commit(one, two, left, right);
    assertFinds(Anomaly.ORDER);
  }

  /// Small histories of all kinds, right and wrong ones: nothing is found exactly if some order of
  /// the transactions, tried one after the other, explains all reads and keeps to the time.
  @Test
  void aHistoryIsCleanExactlyIfSomeSerialOrderExplainsIt() {
    Random random = new Random(seed);
    int clean = 0;
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      ListHistory tried = random(random);
      boolean serial = new SerialOrders(tried.transactions()).any();
      List<ListCheck.Finding> findings = ListCheck.of(tried);
      assertEquals(serial, findings.isEmpty(), "seed " + seed + ": " + findings + " in\n" + tried);
      clean += serial ? 1 : 0;
    }
    assertTrue(clean > rounds / 20, clean + " are clean");
    assertTrue(clean < rounds - rounds / 20, clean + " are clean");
  }

  /// Runs overlapping transactions against lists of which each sees a random state, and reads all
  /// at the end.
  private static ListHistory random(Random random) {
    ListHistory history = new ListHistory();
    Map<Integer, List<Long>> lists = new HashMap<>();
    List<Transaction> open = new ArrayList<>();
    int stale = random.nextInt(4);
    for (int i = 0; i < 4; i++) {
      Transaction transaction = history.begin("random");
      for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
        int key = random.nextInt(3);
        List<Long> list = lists.computeIfAbsent(key, k -> new ArrayList<>());
        if (random.nextInt(5) < 2) {
          long value = history.tick();
          transaction.append(key, value);
          list.add(random.nextInt(12) == 0 ? random.nextInt(list.size() + 1) : list.size(), value);
        } else {
          int length =
              list.size() - (random.nextInt(4) < stale ? random.nextInt(list.size() + 1) : 0);
          transaction.read(key, values(list.subList(0, length)));
        }
      }
      open.add(transaction);
      while (!open.isEmpty() && random.nextInt(3) > 0) {
        open.remove(random.nextInt(open.size())).committed(history.tick());
      }
    }
    open.forEach(transaction -> transaction.committed(history.tick()));
    Transaction last = history.begin("last");
    lists.forEach((key, list) -> last.read(key, values(list)));
    last.committed(history.tick());
    return history;
  }

  private static long[] values(List<Long> list) {
    return list.stream().mapToLong(value -> value).toArray();
  }

  /// Tries all orders.
  private record SerialOrders(List<Transaction> transactions) {
    boolean any() {
      return any(new ArrayList<>(transactions), new HashMap<>());
    }

    private static boolean any(List<Transaction> left, Map<Integer, List<Long>> lists) {
      if (left.isEmpty()) {
        return true;
      }
      for (Transaction next : left) {
        Map<Integer, List<Long>> after = new HashMap<>(lists);
        boolean first = left.stream().noneMatch(other -> other.end < next.begin);
        if (first && explains(next, after)) {
          List<Transaction> rest = new ArrayList<>(left);
          rest.remove(next);
          if (any(rest, after)) {
            return true;
          }
        }
      }
      return false;
    }

    private static boolean explains(Transaction transaction, Map<Integer, List<Long>> lists) {
      for (ListHistory.Step step : transaction.steps) {
        List<Long> list = new ArrayList<>(lists.getOrDefault(step.key(), List.of()));
        if (step.append()) {
          list.add(step.values()[0]);
          lists.put(step.key(), list);
        } else if (!List.of(java.util.Arrays.stream(step.values()).boxed().toArray())
            .equals(list)) {
          return false;
        }
      }
      return true;
    }
  }
}
