package dev.quarry.storage.schedule;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class FirstFailureTest {
  private final FirstFailure failure = new FirstFailure();

  @Test
  void theFirstIsRaised() {
    IllegalStateException first = new IllegalStateException("first");
    failure.note(first);
    failure.note(new IllegalStateException("second"));
    assertSame(first, assertThrows(IllegalStateException.class, failure::raise));
  }

  @Test
  void anErrorIsRaisedAsItIs() {
    AssertionError error = new AssertionError("first");
    failure.note(error);
    assertSame(error, assertThrows(AssertionError.class, failure::raise));
  }

  @Test
  void whatEndsTheOthersIsNoFailure() {
    failure.look();
    failure.note(new IllegalStateException("first"));
    RuntimeException stopped = assertThrows(RuntimeException.class, failure::look);
    FirstFailure other = new FirstFailure();
    other.note(stopped);
    assertFalse(other.isThere());
    other.raise();
    assertTrue(failure.isThere());
  }
}
