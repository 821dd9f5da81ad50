package dev.quarry.bench.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.Quarry;
import dev.quarry.bench.peers.kit.DataSet;
import dev.quarry.bench.peers.kit.SocialData;
import dev.quarry.bench.peers.kit.SocialQuestion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The social network that peers are asked about: its files, its right answers, and Quarry's.
class SocialNetworkTest {
  private final long seed = Long.getLong("seed", System.nanoTime() >>> 20);
  private final String where = "-Dseed=" + seed;
  @TempDir private Path folder;

  private SocialData data() throws Exception {
    return Generator.write(9, seed, folder).social();
  }

  @Test
  void noRelationshipIsThereTwiceAndNobodyIsAFriendOfThemselves() throws Exception {
    SocialData data = data();
    for (SocialData.Relationships file : SocialData.RELATIONSHIPS) {
      Set<List<String>> pairs = new HashSet<>();
      for (String line : Files.readAllLines(data.path(file.file()))) {
        String[] fields = line.split(",");
        assertEquals(2 + file.columns().size(), fields.length, where);
        assertTrue(pairs.add(List.of(fields[0], fields[1])), file.file() + " " + line + where);
        boolean friends = file.type().equals("KNOWS");
        assertTrue(!friends || Integer.parseInt(fields[0]) < Integer.parseInt(fields[1]), where);
      }
      assertTrue(!pairs.isEmpty(), file.file() + " " + where);
    }
  }

  @Test
  void messagesAreNumberedPostsFirstAndWrittenAtDifferentTimes() throws Exception {
    SocialData data = data();
    List<String> lines = new ArrayList<>(Files.readAllLines(data.path("Post.csv")));
    lines.addAll(Files.readAllLines(data.path("Comment.csv")));
    Set<String> times = new HashSet<>();
    for (int id = 0; id < lines.size(); id++) {
      String[] fields = lines.get(id).split(",");
      assertEquals("" + id, fields[0], where);
      assertTrue(times.add(fields[2]), where);
    }
    assertEquals(data.messages(), lines.size(), where);
  }

  @Test
  void theSameSeedGivesTheSameFiles() throws Exception {
    DataSet first = Generator.write(8, seed, folder.resolve("first"));
    DataSet again = Generator.write(8, seed, folder.resolve("again"));
    DataSet other = Generator.write(8, seed + 1, folder.resolve("other"));
    String file = "Person_KNOWS_Person.csv";
    String lines = Files.readString(first.social().path(file));
    assertEquals(lines, Files.readString(again.social().path(file)));
    assertNotEquals(lines, Files.readString(other.social().path(file)));
  }

  @Test
  void quarryAnswersEveryQuestionAsTheOracleDoesAndNoneIsEmpty() throws Exception {
    SocialData data = data();
    Path file = folder.resolve("social.quarry");
    try (QuarrySocial quarry = new QuarrySocial(file, data);
        SocialOracle oracle = new SocialOracle(data)) {
      for (SocialQuestion question : SocialQuestion.values()) {
        int longest = 0;
        for (int id = 0; id < (question.isRead() ? data.persons() : 1); id++) {
          List<String> right = oracle.rows(question, id);
          assertEquals(right, quarry.rows(question, id), question + " " + id + " " + where);
          longest = Math.max(longest, right.isEmpty() ? 0 : right.getFirst().length());
          assertNotEquals(List.of("0"), right, question + " " + where);
        }
        assertTrue(longest > 0, question + " " + where);
      }
      int last = data.messages() - 1; // a comment
      for (SocialQuestion question : List.of(SocialQuestion.READ_6, SocialQuestion.READ_5)) {
        assertEquals(oracle.rows(question, last), quarry.rows(question, last), where);
      }
    }
    try (Quarry quarry = Quarry.open(file)) {
      assertTrue(quarry.admin().check().isSound());
    }
  }
}
