package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.bench.peers.kit.Workload;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplyTest {
  @Test
  void aReplyHasAnAnswerAndNumbersByName() throws Exception {
    assertEquals(
        new Reply.Done("3:4 of 5", Map.of("time", 1.25e6, "read p99.9", 7.0), Map.of()),
        Reply.parse("@reply 3%3A4+of+5 time=1250000.0 read+p99.9=7"));
  }

  @Test
  void aConfigurationIsText() throws Exception {
    assertEquals(
        new Reply.Done("X 1", Map.of("durable", 1.0), Map.of("about", "-Xmx1g; a = b")),
        Reply.parse("@reply X+1 durable=1 about=-Xmx1g%3B+a+%3D+b"));
  }

  @Test
  void failuresAndGapsHaveReasons() throws Exception {
    assertEquals(new Reply.Failed("no\nroom"), Reply.parse("@failed no%0Aroom"));
    assertEquals(new Reply.Absent("no walks"), Reply.parse("@absent no+walks"));
  }

  @Test
  void ranksMayDifferByAMillionth() {
    String right = "1.0:2.5:7.0E-4";
    assertTrue(Workload.PAGE_RANK.agrees(right, "1.0000005:2.5:7.000003E-4"));
    assertFalse(Workload.PAGE_RANK.agrees(right, "1.0:2.5:7.00002E-4"));
    assertFalse(Workload.PAGE_RANK.agrees(right, "1.0:NaN:7.0E-4"));
    assertFalse(Workload.PAGE_RANK.agrees(right, "1.0:2.5"));
    assertFalse(Workload.LOOK_UP.agrees("1.0", "1.0000001"));
  }

  @Test
  void whatIsNoReplyIsTold() {
    for (String line :
        new String[] {
          "@",
          "@reply",
          "@failed",
          "@hello 1",
          "@reply 1 time",
          "@reply 1 time=soon",
          "@reply 1 time=-1",
          "@reply 1 time=NaN",
          "@reply 1 time=Infinity",
          "@reply %zz"
        }) {
      PeerFailure failure = assertThrows(PeerFailure.class, () -> Reply.parse(line), line);
      assertTrue(failure.reason().contains(line), failure.reason());
    }
  }
}
