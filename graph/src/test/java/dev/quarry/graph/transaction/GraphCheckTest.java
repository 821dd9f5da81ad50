package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ColumnLayout;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.index.IndexKey;
import dev.quarry.graph.index.IndexWriter;
import dev.quarry.graph.record.ArenaWriter;
import dev.quarry.graph.statistics.KindCountsWriter;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.arena.ColumnWriter;
import dev.quarry.storage.memory.Scratch;
import dev.quarry.storage.page.PageTransaction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The verifier finds what is planted: each test breaks one thing that belongs together.
class GraphCheckTest {
  private GraphStore store = GraphStore.inMemory(StoreOptions.defaults());
  private long ada;
  private long bea;

  @BeforeEach
  void createAGraph() {
    try (GraphTransaction tx = store.beginWrite()) {
      String text = "a text that does not fit into the cell of its column";
      Node a = tx.createNode(Set.of("P"), Map.of("text", text));
      Node b = tx.createNode(Set.of("P"), Map.of("text", text));
      tx.createRelationship(a, "R", b, Map.of());
      tx.createRelationship(b, "R", a, Map.of("w", 1));
      tx.createIndex("texts", SchemaTarget.nodes("P", "text"), false);
      tx.createConstraint(
          "numbers", SchemaTarget.nodes("P", "number"), ConstraintKind.UNIQUE, List.of(), false);
      ada = tx.handles().id(a);
      bea = tx.handles().id(b);
      tx.commit();
    }
    assertEquals(List.of(), problems());
  }

  @AfterEach
  void close() {
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private List<String> problems() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return GraphCheck.run(snapshot, Progress.NONE).problems();
    }
  }

  private void planted(Consumer<Changes> damage, String expected) {
    PageTransaction pages = store.store().beginBulk();
    try (Scratch scratch = store.store().memory().scratch(store.store().budget().child("test"))) {
      Changes changes = new Changes(pages, scratch);
      damage.accept(changes);
      changes.finish();
      store.store().commit(pages);
    }
    List<String> found = problems();
    assertTrue(found.stream().anyMatch(text -> text.contains(expected)), found.toString());
  }

  @Test
  void aRelationshipThatOnlyLeaves() {
    planted(
        changes ->
            changes.writer(false, 0).lists(true).insert(Ids.slot(ada), Ids.entry(0, -1), bea),
        "hold different relationships");
  }

  @Test
  void aRelationshipToNobody() {
    planted(
        changes -> {
          long nobody = Ids.node(0, 77);
          changes.writer(false, 0).lists(true).insert(Ids.slot(ada), Ids.entry(0, -1), nobody);
        },
        "leads to a node that does not exist");
  }

  @Test
  void aCounterThatIsWrong() {
    planted(changes -> changes.countRelationships(0, 0, 0, 1), "the counter says 3");
  }

  @Test
  void aCountByKindThatIsWrong() {
    planted(
        changes -> {
          int space = changes.catalog().statistics().kinds();
          KindCountsWriter counts = new KindCountsWriter(changes.pages(), space);
          counts.add(0, 0, 0, 1);
          counts.flush();
        },
        "the count by kind says");
  }

  @Test
  void aRowThatStandsInNoList() {
    planted(
        changes -> {
          long slot = changes.writer(true, 0).slots().take();
          changes.writer(true, 0).putEnds(slot, ada, bea);
        },
        "rows of :R: 2 are live, 1 stand in");
  }

  @Test
  void aRowWithOtherEndsThanItsList() {
    planted(
        changes -> changes.writer(true, 0).putEnds(0, ada, ada), "does not agree with the list");
  }

  @Test
  void aFreeSlotThatHasRelationships() {
    planted(
        changes -> changes.writer(false, 0).slots().free(Ids.slot(ada)),
        "is free but has relationships");
  }

  @Test
  void aSlabSlotThatIsOwnedTwice() {
    planted(
        changes -> {
          Catalog catalog = changes.catalog();
          int space = catalog.arenas().getFirst().columns().getFirst().values();
          ColumnWriter texts = new ColumnWriter(changes.pages(), space, 16);
          long from = texts.writable(Ids.slot(ada));
          long to = texts.writable(Ids.slot(bea));
          dev.quarry.storage.memory.Memory.copy(from, to, 16);
        },
        "is owned twice");
  }

  @Test
  void anEntryThatIsMissing() {
    planted(
        changes -> indexWriter(changes, "texts").remove(textKey(), ada), "no entry of node n0.0");
  }

  @Test
  void anEntryThatIsStale() {
    planted(
        changes -> {
          ArenaWriter nodes = changes.writer(false, 0);
          ColumnLayout column = changes.catalog().arenas().getFirst().columns().getFirst();
          nodes.put(column, Ids.slot(bea), "another text");
        },
        "a stale entry of node n0.1");
  }

  @Test
  void anEntryOfANodeThatIsGone() {
    planted(
        changes -> indexWriter(changes, "texts").insert(textKey(), Ids.node(0, 77)),
        "a stale entry of node n0.77");
  }

  @Test
  void aPageOfAnIndexThatNobodyOwns() {
    planted(
        changes -> changes.pages().writable(changes.catalog().index("texts").space(), 5),
        "1 pages are owned, there are 5");
  }

  @Test
  void aSpaceThatNobodyOwns() {
    planted(changes -> changes.pages().createSpace(12), "belongs to nobody");
  }

  @Test
  void aConstraintThatIsViolated() {
    planted(
        changes -> {
          int key = changes.catalog().key("number");
          changes.addColumn(false, 0, key, Tag.INTEGER);
          changes.putProperty(false, 0, Ids.slot(ada), key, 1L);
          changes.putProperty(false, 0, Ids.slot(bea), key, 1L);
        },
        "n0.0.0 and n0.1.0 both have 1");
  }

  private static IndexWriter indexWriter(Changes changes, String name) {
    return new IndexWriter(changes.pages(), changes.catalog().index(name).space());
  }

  private static IndexKey textKey() {
    return IndexKey.of(List.of("a text that does not fit into the cell of its column"));
  }
}
