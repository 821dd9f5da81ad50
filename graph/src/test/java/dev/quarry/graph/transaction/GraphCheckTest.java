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
import dev.quarry.graph.catalog.UnwrittenCounts;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.arena.ColumnWriter;
import dev.quarry.storage.memory.Budget;
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
        "the outgoing :R relationships of node n0.0 are not those that the incoming lists");
  }

  @Test
  void aRelationshipThatOnlyEnters() {
    planted(
        changes ->
            changes.writer(false, 0).lists(false).insert(Ids.slot(ada), Ids.entry(0, -1), bea),
        "the incoming :R relationships of node n0.0 are not those that the outgoing lists");
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
          changes.counters().flush();
          int space = changes.catalog().statistics().kinds();
          KindCountsWriter counts =
              new KindCountsWriter(
                  changes.pages(), space, UnwrittenCounts.NONE, (source, type, target, more) -> {});
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
  void aCounterOfChangedLabelsThatIsWrong() {
    planted(
        changes -> {
          changes.addLabel("Q");
          changes.addFlip(0, 1);
          int space = changes.catalog().flips().getFirst().space();
          new ColumnWriter(changes.pages(), space, 0).putBit(Ids.slot(ada), true);
        },
        "label Q changed for 1 nodes of arena 0, the counter says 0");
  }

  @Test
  void aTypeThatForgetsThatItRemembers() {
    planted(
        changes -> changes.writer(true, 0).putEnds(0, bea, ada, 3),
        "rows of :R remember ordinals, their counter denies it");
  }

  @Test
  void aListWhoseEntriesDoNotAscend() {
    planted(
        changes -> {
          changes.addType("WITHOUT_LISTS_OF_ITS_OWN");
          int type = changes.catalog().types().size() - 1;
          for (int i = 0; i < 40; i++) {
            changes.link(ada, type, i % 2 == 0 ? bea : ada, -1);
          }
          int directory = changes.catalog().arenas().getFirst().lists(true).directory();
          long entry = changes.pages().writable(directory, 0) + Ids.slot(ada) * 16;
          dev.quarry.storage.memory.Memory.putShort(entry + 2, (short) 40);
        },
        "its entries do not ascend");
  }

  @Test
  void aPageOfAHubThatNobodyOwns() {
    planted(
        changes ->
            changes.pages().writable(changes.catalog().arenas().getFirst().lists(true).hubs(), 3),
        "0 pages of hubs are owned, there are 3");
  }

  @Test
  void aSlabPageThatCountsWrongly() {
    planted(
        changes -> {
          Catalog catalog = changes.catalog();
          int space = catalog.arenas().getFirst().strings().slabs().descriptors();
          long descriptor = changes.pages().writable(space, 1);
          dev.quarry.storage.memory.Memory.putShort(descriptor + 2, (short) 7);
        },
        "its counter says 7");
  }

  @Test
  void aSlabPageThatIsInNoChain() {
    planted(
        changes -> {
          Catalog catalog = changes.catalog();
          int space = catalog.arenas().getFirst().strings().slabs().descriptors();
          long heads = changes.pages().writable(space, 0);
          dev.quarry.storage.memory.Memory.fill(heads, 512, (byte) 0);
        },
        "slab pages have room, 0 are found by their chains");
  }

  @Test
  void aValueThatCannotBeRead() {
    planted(
        changes -> {
          int key = changes.catalog().key("number");
          changes.addColumn(false, 0, key, Tag.DATE);
          changes.putProperty(false, 0, Ids.slot(ada), key, java.time.LocalDate.EPOCH);
          Catalog catalog = changes.catalog();
          ColumnLayout column = catalog.arenas().getFirst().column(key);
          ColumnWriter dates = new ColumnWriter(changes.pages(), column.values(), 16);
          dev.quarry.storage.memory.Memory.putByte(dates.writable(Ids.slot(ada)) + 4, (byte) 60);
        },
        "property number of slot 0 is no value");
  }

  @Test
  void anAccountOfDirtyPagesThatIsWrong() {
    Budget account =
        store.store().budget().children().stream()
            .filter(child -> child.name().equals("dirty pages"))
            .findFirst()
            .orElseThrow();
    account.reserve(4096);
    List<String> found = GraphCheck.run(store, Progress.NONE).problems();
    account.release(4096);
    assertTrue(found.getFirst().contains("a walk over the frames finds"), found.toString());
    assertEquals(List.of(), GraphCheck.run(store, Progress.NONE).problems());
  }

  @Test
  void moreThanAHundredFindingsAreCounted() {
    PageTransaction pages = store.store().beginBulk();
    try (Scratch scratch = store.store().memory().scratch(store.store().budget().child("test"))) {
      Changes changes = new Changes(pages, scratch);
      for (int i = 0; i < 150; i++) {
        changes.pages().createSpace(12);
      }
      changes.finish();
      store.store().commit(pages);
    }
    GraphCheck.Result result = GraphCheck.run(store, Progress.NONE);
    assertEquals(100, result.problems().size());
    assertEquals(150, result.found());
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

  @Test
  void aSpaceThatADropForgets() {
    createARegion();
    planted(
        changes -> {
          changes.dropRegion(1);
          changes.pages().createSpace(12); // takes the number of one that was dropped
        },
        "belongs to nobody");
  }

  @Test
  void anArenaThatADropForgets() {
    createARegion();
    planted(
        changes -> {
          changes.dropRegion(1);
          changes.addArena(1, List.of());
        },
        "but their region was dropped");
  }

  @Test
  void anEntryIntoADroppedRegionThatTheSweepForgets() {
    createARegion();
    planted(
        changes -> {
          changes.dropRegion(1);
          changes.sweep(10_000);
          long dead = Ids.node(changes.catalog().arenas().size() - 1, 0);
          changes.writer(false, 0).lists(true).insert(Ids.slot(ada), Ids.entry(0, -1), dead);
        },
        "leads to a node that does not exist");
  }

  @Test
  void aCountBetweenRegionsThatIsWrong() {
    createARegion();
    int inside = 1;
    planted(
        changes -> {
          changes.countRelationships(inside, 0, inside, 1);
          changes.countRelationships(0, 0, 0, -1); // the sum over all regions is right
        },
        "the counter says 1");
  }

  /// A region with one node, in arena 1, and a relationship with properties from it to Ada.
  private void createARegion() {
    try (GraphTransaction tx = store.beginWrite()) {
      tx.createRegion("region");
      Node node = tx.createNode("region", Set.of("P"), Map.of("text", "inside"));
      tx.createRelationship(node, "R", tx.handle(ada), Map.of("w", 1));
      tx.commit();
    }
    assertEquals(List.of(), problems());
  }

  private static IndexWriter indexWriter(Changes changes, String name) {
    return new IndexWriter(changes.pages(), changes.catalog().index(name).space());
  }

  private static IndexKey textKey() {
    return IndexKey.of(List.of("a text that does not fit into the cell of its column"));
  }
}
