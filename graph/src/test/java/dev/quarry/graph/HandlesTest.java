package dev.quarry.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/// Handles: one for each record that someone holds, and nothing for those that nobody does.
class HandlesTest {
  private static final int MANY = 10_000;
  private static final int TRIES = 200;

  private final Handles handles = new Handles(new UUID(1, 2), 0);

  private static long id(int i) {
    return (long) (i % 3) << 40 | i;
  }

  private List<Node> held(int count) {
    List<Node> held = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      held.add(handles.node(id(i), i % 2));
    }
    return held;
  }

  @Test
  void whileANodeIsHeldItHasOneHandle() {
    List<Node> held = held(MANY);
    for (int i = 0; i < MANY; i++) {
      assertSame(held.get(i), handles.node(id(i), i % 2));
    }
    assertEquals(MANY, handles.cached());
  }

  @Test
  void aNodeOfAnotherGenerationIsAnotherOne() {
    Node before = handles.node(7, 0);
    Node after = handles.node(7, 1);
    assertNotSame(before, after);
    assertNotEquals(before, after);
    assertSame(before, handles.node(7, 0));
  }

  @Test
  void handlesThatNobodyHoldsAreForgotten() throws Exception {
    List<Node> kept = new ArrayList<>(held(MANY).subList(0, 100));
    collectWhile(() -> handles.cached() > 100);
    assertEquals(100, handles.cached());
    for (int i = 0; i < 100; i++) {
      assertSame(kept.get(i), handles.node(id(i), i % 2));
    }
  }

  /// Gives up after a while, so that what is asserted then tells what is wrong.
  private static void collectWhile(BooleanSupplier so) throws InterruptedException {
    for (int i = 0; so.getAsBoolean() && i < TRIES; i++) {
      System.gc();
      Thread.sleep(10);
    }
  }

  private static RelationshipIdentity identity(int i) {
    return new RelationshipIdentity.Row(i % 3, i, 7);
  }

  @Test
  void handlesOfRelationshipsThatNobodyHoldsAreForgottenAndTheOthersStay() throws Exception {
    List<Relationship> held = new ArrayList<>();
    for (int i = 0; i < MANY; i++) {
      held.add(handles.relationship(identity(i)));
    }
    assertEquals(MANY, handles.cached());
    for (int i = 0; i < MANY; i++) {
      assertSame(held.get(i), handles.relationship(identity(i)));
    }
    held.subList(100, MANY).clear();
    collectWhile(() -> handles.cached() > 100);
    assertEquals(100, handles.cached());
    for (int i = 0; i < 100; i++) {
      assertSame(held.get(i), handles.relationship(identity(i)));
    }
  }

  @Test
  void aRelationshipThatHasARowAndIsHeldHasOneHandle() {
    Relationship held = handles.relationship(new RelationshipIdentity.Row(1, 2, 3));
    assertSame(held, handles.relationship(new RelationshipIdentity.Row(1, 2, 3)));
    assertEquals(1, handles.cached());
  }

  @Test
  void handlesOfABareRelationshipAreEqualAndNotKept() {
    Relationship one = handles.relationship(new RelationshipIdentity.Bare(1, 2, 0, 3, 0, 4));
    Relationship again = handles.relationship(new RelationshipIdentity.Bare(1, 2, 0, 3, 0, 4));
    assertEquals(one, again);
    assertEquals(one.hashCode(), again.hashCode());
    assertEquals(one.elementId(), again.elementId());
    assertNotEquals(one, handles.relationship(new RelationshipIdentity.Bare(1, 2, 0, 3, 0, 5)));
    assertEquals(0, handles.cached());
  }

  @Test
  void whoeverMakesHandlesTakesOutThoseThatAreGone() throws Exception {
    NodeHandles nodes = new NodeHandles();
    WeakReference<Node> last = new WeakReference<>(nodes.get(handles, 0, 0));
    for (int i = 1; i < MANY; i++) {
      last = new WeakReference<>(nodes.get(handles, id(i), 0));
    }
    WeakReference<Node> made = last;
    collectWhile(() -> made.get() != null);
    List<Node> held = new ArrayList<>();
    for (int i = 0; i < MANY / 2; i++) { // too few for a longer table, which would drop all
      held.add(nodes.get(handles, id(i), 1));
    }
    assertEquals(MANY / 2, held.size());
    assertTrue(nodes.entries() < MANY + MANY / 10, () -> nodes.entries() + " entries");
  }

  @Test
  void threadsThatAskAtOnceGetTheSameHandle() throws Exception {
    for (int round = 0; round < 50; round++) {
      Handles shared = new Handles(new UUID(1, 2), 0);
      List<List<Object>> got = List.of(new ArrayList<>(), new ArrayList<>());
      CyclicBarrier start = new CyclicBarrier(2);
      List<Thread> threads = new ArrayList<>();
      for (List<Object> mine : got) {
        threads.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      await(start);
                      for (int i = 0; i < 2_000; i++) { // the table grows five times meanwhile
                        mine.add(shared.node(id(i), 0));
                        mine.add(shared.relationship(new RelationshipIdentity.Row(1, i, 0)));
                      }
                    }));
      }
      for (Thread thread : threads) {
        thread.join();
      }
      assertEquals(4_000, got.get(0).size());
      for (int i = 0; i < 4_000; i++) {
        assertSame(got.get(0).get(i), got.get(1).get(i), "round " + round + ", handle " + i);
      }
    }
  }

  private static void await(CyclicBarrier barrier) {
    try {
      barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
