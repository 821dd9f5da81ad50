package dev.quarry.graph.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.quarry.error.CorruptPageException;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.Store;
import dev.quarry.storage.StoreOptions;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.NativeSource;
import dev.quarry.storage.page.PageTransaction;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CatalogFormatTest {
  private final Store store =
      Store.inMemory(StoreOptions.defaults().withNativeMemory(NativeSource.FOREIGN));

  @AfterEach
  void theLedgerIsZero() {
    store.close();
    assertEquals(0, store.budget().used());
  }

  @Test
  void readsWhatItWrote() {
    PageTransaction pages = store.beginWrite();
    CatalogBuilder builder = new CatalogBuilder(pages);
    builder.addLabel("L");
    builder.addType("T");
    builder.addKey("a");
    builder.addKey("b");
    builder.addIndex("i", false, 0, List.of(1, 0), false);
    builder.addIndex("u", true, 0, List.of(0), true);
    List<PropertyType> types =
        List.of(PropertyType.of(Tag.INTEGER), PropertyType.listOf(Tag.STRING));
    builder.addConstraint(
        new ConstraintDefinition("t", false, 0, List.of(0), ConstraintKind.TYPE, types));
    builder.addConstraint(
        new ConstraintDefinition("u", true, 0, List.of(0), ConstraintKind.KEY, List.of()));
    builder.finish(UnwrittenCounts.NONE);
    assertEquals(builder.catalog(), CatalogFormat.read(pages));
    assertEquals(
        "INTEGER | LIST<STRING NOT NULL>", builder.catalog().constraints().getFirst().typesText());
    store.commit(pages);
  }

  @Test
  void aNumberThatMeansNothingIsRefused() {
    PageTransaction pages = store.beginWrite();
    CatalogBuilder builder = new CatalogBuilder(pages);
    builder.addLabel("L");
    builder.addKey("a");
    builder.addIndex("i", false, 7, List.of(0), false);
    builder.finish(UnwrittenCounts.NONE);
    CorruptPageException error =
        assertThrows(CorruptPageException.class, () -> CatalogFormat.read(pages));
    assertEquals(
        "the catalog in space 0 is damaged: token of an index or a constraint is 7, expected 0 to 0",
        error.getMessage());
    store.rollback(pages);
  }

  @Test
  void readsTheVersionsBefore() {
    PageTransaction pages = store.beginWrite();
    CatalogBuilder builder = new CatalogBuilder(pages);
    builder.addLabel("L");
    builder.finish(UnwrittenCounts.NONE);
    int regions = 4 + 4 + 2 + 1 + 4; // no sweep, one region without a name, no counts, no arenas
    int statistics = 4 + 4;
    int indexesAndConstraints = 4 + 4;
    shorten(pages, statistics + regions, 3);
    assertReads(builder.catalog(), pages);
    shorten(pages, indexesAndConstraints, 2);
    assertReads(builder.catalog(), pages);
    store.commit(pages);
  }

  private static void shorten(PageTransaction pages, int bytes, int version) {
    long at = pages.writable(0, 0);
    Memory.putLong(at, Memory.getLong(at) - bytes);
    Memory.putByte(at + 11, (byte) version);
  }

  @Test
  void readsRegionsAsItWroteThem() {
    PageTransaction pages = store.beginWrite();
    CatalogBuilder builder = new CatalogBuilder(pages);
    builder.addType("T");
    builder.addRegion(1, "one");
    builder.addRegion(2, "two");
    builder.addArena(1, List.of());
    builder.addArena(2, List.of());
    builder.addEdgeArena(0, 2);
    builder.addRegionCount(0, 2, 1);
    builder.dropRegion(1);
    builder.finish(UnwrittenCounts.NONE);
    assertEquals(builder.catalog(), CatalogFormat.read(pages));
    assertEquals(List.of("two"), builder.catalog().regions().names());
    store.commit(pages);
  }

  @Test
  void readsDictionariesAsItWroteThemAndOnlyOfStrings() {
    PageTransaction pages = store.beginWrite();
    CatalogBuilder builder = new CatalogBuilder(pages);
    builder.addKey("a");
    builder.addKey("b");
    builder.addArena(0, List.of());
    ColumnLayout texts = builder.addColumn(false, 0, 0, Tag.STRING);
    ColumnLayout numbers = builder.addColumn(false, 0, 1, Tag.INTEGER);
    ColumnLayout frozen = builder.addDictionary(false, 0, texts);
    builder.finish(UnwrittenCounts.NONE);
    assertEquals(builder.catalog(), CatalogFormat.read(pages));
    assertEquals(List.of(frozen, numbers), builder.catalog().arenas().getFirst().columns());

    Arena damaged =
        builder
            .catalog()
            .arenas()
            .getFirst()
            .withInstead(texts)
            .withInstead(numbers.with(frozen.dictionary()));
    CatalogDraft draft = new CatalogDraft(builder.catalog());
    draft.arenas = List.of(damaged);
    CatalogFormat.write(pages, draft.catalog());
    CorruptPageException error =
        assertThrows(CorruptPageException.class, () -> CatalogFormat.read(pages));
    assertEquals(
        "the catalog in space 0 is damaged: a column of INTEGER has dictionaries",
        error.getMessage());
    store.rollback(pages);
  }

  private static void assertReads(Catalog written, PageTransaction pages) {
    Catalog read = CatalogFormat.read(pages);
    assertNotNull(read);
    assertEquals(written.labels(), read.labels());
    assertEquals(written.counts(), read.counts());
    assertEquals(List.of(), read.indexes());
    assertEquals(StatisticsSpaces.NONE, read.statistics());
    assertEquals(Regions.NONE, read.regions());
  }
}
