package dev.quarry.bench.peers.kit;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;

/// What is asked about the social network, in Cypher: the patterns of the Labelled Subgraph Query
/// Benchmark, which count, and short reads about one person or message after those of the Social
/// Network Benchmark. The data is of our own, so no figure is a result of those benchmarks.
public enum SocialQuestion {
  LSQB_1(
      """
      MATCH (:Country)<-[:IS_PART_OF]-(:City)<-[:IS_LOCATED_IN]-(:Person)<-[:HAS_MEMBER]-(:Forum)
        -[:CONTAINER_OF]->(:Post)<-[:REPLY_OF]-(:Comment)-[:HAS_TAG]->(:Tag)-[:HAS_TYPE]->(:TagClass)
      RETURN count(*)"""),
  LSQB_2(
      """
      MATCH (person1:Person)-[:KNOWS]-(person2:Person), (person1)<-[:HAS_CREATOR]-(comment:Comment)
        -[:REPLY_OF]->(post:Post)-[:HAS_CREATOR]->(person2)
      RETURN count(*)"""),
  LSQB_3(
      """
      MATCH (country:Country)
      MATCH (person1:Person)-[:IS_LOCATED_IN]->(city1:City)-[:IS_PART_OF]->(country)
      MATCH (person2:Person)-[:IS_LOCATED_IN]->(city2:City)-[:IS_PART_OF]->(country)
      MATCH (person3:Person)-[:IS_LOCATED_IN]->(city3:City)-[:IS_PART_OF]->(country)
      MATCH (person1)-[:KNOWS]-(person2)-[:KNOWS]-(person3)-[:KNOWS]-(person1)
      RETURN count(*)"""),
  LSQB_4(
      """
      MATCH (:Tag)<-[:HAS_TAG]-(message:Message)-[:HAS_CREATOR]->(creator:Person),
        (message)<-[:LIKES]-(liker:Person), (message)<-[:REPLY_OF]-(comment:Comment)
      RETURN count(*)"""),
  LSQB_5(
      """
      MATCH (tag1:Tag)<-[:HAS_TAG]-(message:Message)<-[:REPLY_OF]-(comment:Comment)-[:HAS_TAG]->(tag2:Tag)
      WHERE tag1 <> tag2
      RETURN count(*)"""),
  LSQB_6(
      """
      MATCH (person1:Person)-[:KNOWS]-(person2:Person)-[:KNOWS]-(person3:Person)-[:HAS_INTEREST]->(tag:Tag)
      WHERE person1 <> person3
      RETURN count(*)"""),
  LSQB_7(
      """
      MATCH (:Tag)<-[:HAS_TAG]-(message:Message)-[:HAS_CREATOR]->(creator:Person)
      OPTIONAL MATCH (message)<-[:LIKES]-(liker:Person)
      OPTIONAL MATCH (message)<-[:REPLY_OF]-(comment:Comment)
      RETURN count(*)"""),
  LSQB_8(
      """
      MATCH (tag1:Tag)<-[:HAS_TAG]-(message:Message)<-[:REPLY_OF]-(comment:Comment)-[:HAS_TAG]->(tag2:Tag)
      WHERE NOT EXISTS { MATCH (comment)-[:HAS_TAG]->(tag1) } AND tag1 <> tag2
      RETURN count(*)"""),
  LSQB_9(
      """
      MATCH (person1:Person)-[:KNOWS]-(person2:Person)-[:KNOWS]-(person3:Person)-[:HAS_INTEREST]->(tag:Tag)
      WHERE NOT EXISTS { MATCH (person1)-[:KNOWS]-(person3) } AND person1 <> person3
      RETURN count(*)"""),
  READ_1(
      """
      MATCH (n:Person {id: $id})-[:IS_LOCATED_IN]->(c:City)
      RETURN n.firstName, n.lastName, n.birthday, n.browser, n.created, c.id"""),
  READ_2(
      """
      MATCH (:Person {id: $id})<-[:HAS_CREATOR]-(m:Message)
      WITH m ORDER BY m.created DESC LIMIT 10
      MATCH (m)-[:REPLY_OF*0..30]->(p:Post)
      MATCH (p)-[:HAS_CREATOR]->(c:Person)
      RETURN m.id, m.content, m.created, p.id, c.id, c.firstName ORDER BY m.created DESC"""),
  READ_3(
      """
      MATCH (:Person {id: $id})-[r:KNOWS]-(f:Person)
      RETURN f.id, f.firstName, f.lastName, r.created ORDER BY r.created DESC, f.id"""),
  READ_4("MATCH (m:Message {id: $id}) RETURN m.created, m.content"),
  READ_5(
      """
      MATCH (m:Message {id: $id})-[:HAS_CREATOR]->(p:Person)
      RETURN p.id, p.firstName, p.lastName"""),
  READ_6(
      """
      MATCH (m:Message {id: $id})-[:REPLY_OF*0..30]->(p:Post)<-[:CONTAINER_OF]-(f:Forum)-[:HAS_MODERATOR]->(h:Person)
      RETURN f.id, f.title, h.id, h.firstName, h.lastName"""),
  READ_7(
      """
      MATCH (m:Message {id: $id})<-[:REPLY_OF]-(c:Comment)-[:HAS_CREATOR]->(p:Person)
      OPTIONAL MATCH (m)-[:HAS_CREATOR]->(a:Person)-[r:KNOWS]-(p)
      RETURN c.id, c.content, c.created, p.id, p.firstName, p.lastName,
        CASE WHEN r IS NULL THEN 0 ELSE 1 END ORDER BY c.created DESC""");

  private static final int READS = 100;

  private final String cypher;

  SocialQuestion(String cypher) {
    this.cypher = cypher;
  }

  /// The question in Cypher; `$id` is its one parameter.
  public String cypher() {
    return cypher;
  }

  /// Whether it is about one person or message.
  public boolean isRead() {
    return ordinal() >= READ_1.ordinal();
  }

  private boolean isAboutPerson() {
    return this == READ_1 || this == READ_2 || this == READ_3;
  }

  /// Asks a store: a pattern once, a read for 100 ids that are drawn for the round.
  ///
  /// @return the count of a pattern; of reads, how many rows there were and a sum over their text
  String ask(SocialStore store, DataSet data, int round, Trial trial) throws Exception {
    if (!isRead()) {
      return trial.repeat(1, () -> store.rows(this, 0)).getFirst();
    }
    SocialData social = data.social();
    int[] ids =
        data.ids(name(), round, READS, isAboutPerson() ? social.persons() : social.messages());
    return trial.repeat(
        READS,
        () -> {
          CRC32 sum = new CRC32();
          long count = 0;
          for (int id : ids) {
            List<String> rows = store.rows(this, id);
            count += rows.size();
            sum.update(String.join("\n", rows).getBytes(StandardCharsets.UTF_8));
          }
          return count + ":" + sum.getValue();
        });
  }
}
