package dev.quarry.graph.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

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
    builder.finish();
    assertEquals(builder.catalog(), CatalogFormat.read(pages));
    assertEquals(
        "INTEGER | LIST<STRING NOT NULL>", builder.catalog().constraints().getFirst().typesText());
    store.commit(pages);
  }

  @Test
  void readsTheVersionsBefore() {
    PageTransaction pages = store.beginWrite();
    CatalogBuilder builder = new CatalogBuilder(pages);
    builder.addLabel("L");
    builder.finish();
    long at = pages.writable(0, 0);
    Memory.putLong(at, Memory.getLong(at) - 8); // without the two spaces at its end
    Memory.putByte(at + 11, (byte) 3);
    assertReads(builder.catalog(), pages);
    Memory.putLong(at, Memory.getLong(at) - 8); // without the two empty lists before them
    Memory.putByte(at + 11, (byte) 2);
    assertReads(builder.catalog(), pages);
    store.commit(pages);
  }

  private static void assertReads(Catalog written, PageTransaction pages) {
    Catalog read = CatalogFormat.read(pages);
    assertNotNull(read);
    assertEquals(written.labels(), read.labels());
    assertEquals(written.counts(), read.counts());
    assertEquals(List.of(), read.indexes());
    assertEquals(StatisticsSpaces.NONE, read.statistics());
  }
}
