package dev.quarry.graph.catalog;

import dev.quarry.storage.arena.DictionarySpaces;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.arena.SlotSpaces;
import dev.quarry.storage.arena.StringSpaces;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.page.PageTable;
import dev.quarry.storage.page.PageTransaction;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.RunSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The catalog in space 0: written whole by every transaction that changes it.
///
/// ```text
/// byte 0          8
///      ┌──────────┬───────────────────────────────────────────────────────────────────┐
///      │ length   │ version 8 · labels · types · keys · arenas · edge arenas · flips │
///      │          │ · kinds · counts · indexes · constraints · kind counts ·          │
///      │          │ estimates · regions: lists as a count and items, numbers of 4     │
///      │          │ bytes                                                             │
///      └──────────┴───────────────────────────────────────────────────────────────────┘
/// ```
///
/// Version 2 ends after the counts, version 3 after the constraints, version 4 knows no spaces for
/// runs; version 5 looks the same as 6, but its runs are not packed; version 6 knows no spaces for
/// dictionaries; version 7 looks the same as 8, but its packed runs have entries of 4 bytes only.
/// All are read as well.
final class CatalogFormat {
  private static final int SPACE = 0;
  private static final int PAGE = 4096;
  private static final int VERSION = 8;
  private static final int WITHOUT_DICTIONARIES = 6;
  private static final int WITHOUT_RUNS = 4;
  private static final int WITHOUT_STATISTICS_AND_REGIONS = 3;
  private static final int WITHOUT_INDEXES = 2;

  private CatalogFormat() {}

  static void write(PageTransaction transaction, Catalog catalog) {
    byte[] bytes = bytes(catalog);
    for (int done = 0; done < bytes.length; done += PAGE) {
      long at = transaction.writable(SPACE, done / PAGE);
      Memory.putBytes(bytes, done, at, Math.min(PAGE, bytes.length - done));
    }
  }

  /// Whether a state has a catalog of the newest version.
  static boolean isNewest(PageReader reader) {
    return Integer.reverseBytes(Memory.getInt(reader.table(SPACE).address(0) + 8)) == VERSION;
  }

  /// The catalog of a state; null if it was never written.
  static @Nullable Catalog read(PageReader reader) {
    PageTable pages = reader.table(SPACE);
    long length = Memory.getLong(pages.address(0));
    if (length == 0) {
      return null;
    }
    long present = pages.presentPages();
    if (length < 8 || length > present * PAGE || length > Integer.MAX_VALUE - PAGE) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED,
          "the catalog says that it has %d bytes, its space has %d pages"
              .formatted(length, present),
          "run `quarry check`");
    }
    byte[] bytes = new byte[(int) length];
    for (int done = 0; done < length; done += PAGE) {
      long at = pages.address(done / PAGE);
      Memory.getBytes(at, bytes, done, (int) Math.min(PAGE, length - done));
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      in.readLong();
      Catalog catalog = read(in);
      CatalogBounds.ensure(catalog, reader);
      return catalog;
    } catch (IOException | IllegalArgumentException e) {
      throw new CorruptPageException(
          ErrorCode.STORE_DAMAGED, "the catalog cannot be read: " + e, "run `quarry check`", e);
    }
  }

  private static byte[] bytes(Catalog catalog) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(0);
      out.writeInt(VERSION);
      names(out, catalog.labels());
      names(out, catalog.types());
      names(out, catalog.keys());
      arenas(out, catalog.arenas());
      arenas(out, catalog.edgeArenas());
      out.writeInt(catalog.flips().size());
      for (Flip flip : catalog.flips()) {
        numbers(out, flip.arena(), flip.label(), flip.space(), flip.counter());
      }
      out.writeInt(catalog.kinds().size());
      for (ListKind kind : catalog.kinds()) {
        numbers(out, kind.arena(), kind.type(), kind.out() ? 1 : 0, kind.other());
        lists(out, kind.spaces());
      }
      out.writeInt(catalog.counts());
      SchemaFormat.write(out, catalog.indexes(), catalog.constraints());
      numbers(out, catalog.statistics().kinds(), catalog.statistics().estimates());
      RegionFormat.write(out, catalog);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] all = bytes.toByteArray();
    java.nio.ByteBuffer.wrap(all).order(java.nio.ByteOrder.LITTLE_ENDIAN).putLong(0, all.length);
    return all;
  }

  private static Catalog read(DataInputStream in) throws IOException {
    int version = in.readInt();
    if (version < WITHOUT_INDEXES || version > VERSION) {
      throw new IOException("version " + version + ", expected " + VERSION);
    }
    List<String> labels = names(in);
    List<String> types = names(in);
    List<String> keys = names(in);
    List<Arena> arenas = arenas(in, version);
    List<Arena> edgeArenas = arenas(in, version);
    List<Flip> flips = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      flips.add(new Flip(in.readInt(), in.readInt(), in.readInt(), in.readInt()));
    }
    List<ListKind> kinds = new ArrayList<>();
    for (int count = in.readInt(); count > 0; count--) {
      int arena = in.readInt();
      int type = in.readInt();
      boolean out = in.readInt() != 0;
      int other = in.readInt();
      ListSpaces spaces = lists(in, version);
      if (spaces == null) {
        throw new IOException("lists of entries of 0 bytes");
      }
      kinds.add(new ListKind(arena, type, out, other, spaces));
    }
    int counts = in.readInt();
    boolean more = version > WITHOUT_INDEXES;
    List<IndexDefinition> indexes = more ? SchemaFormat.indexes(in) : List.of();
    List<ConstraintDefinition> constraints = more ? SchemaFormat.constraints(in) : List.of();
    StatisticsSpaces statistics = StatisticsSpaces.NONE;
    Regions regions = Regions.NONE;
    if (version > WITHOUT_STATISTICS_AND_REGIONS) {
      statistics = new StatisticsSpaces(in.readInt(), in.readInt());
      regions = RegionFormat.regions(in);
      arenas = RegionFormat.arenas(in, arenas);
      edgeArenas = RegionFormat.arenas(in, edgeArenas);
    }
    return new Catalog(
        labels,
        types,
        keys,
        arenas,
        edgeArenas,
        flips,
        kinds,
        indexes,
        constraints,
        counts,
        statistics,
        regions);
  }

  private static void arenas(DataOutputStream out, List<Arena> arenas) throws IOException {
    out.writeInt(arenas.size());
    for (Arena arena : arenas) {
      out.writeInt(arena.labels().size());
      for (int label : arena.labels()) {
        out.writeInt(label);
      }
      SlotSpaces slots = arena.slots();
      numbers(out, slots.live(), slots.generations(), slots.counts());
      slabs(out, arena.strings().slabs());
      out.writeInt(arena.columns().size());
      for (ColumnLayout column : arena.columns()) {
        numbers(out, column.key(), column.tag().code(), column.values(), column.nulls());
        DictionarySpaces dictionary = column.dictionary();
        numbers(out, column.overflow(), dictionary.codes(), dictionary.entries());
      }
      lists(out, arena.outgoing());
      lists(out, arena.incoming());
      out.writeInt(arena.ends());
    }
  }

  private static List<Arena> arenas(DataInputStream in, int version) throws IOException {
    List<Arena> arenas = new ArrayList<>();
    int count = in.readInt();
    for (int id = 0; id < count; id++) {
      List<Integer> labels = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        labels.add(in.readInt());
      }
      SlotSpaces slots = new SlotSpaces(in.readInt(), in.readInt(), in.readInt());
      StringSpaces strings = new StringSpaces(slabs(in));
      List<ColumnLayout> columns = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        columns.add(
            new ColumnLayout(
                in.readInt(),
                Tag.of(in.readInt()),
                in.readInt(),
                in.readInt(),
                in.readInt(),
                version > WITHOUT_DICTIONARIES
                    ? new DictionarySpaces(in.readInt(), in.readInt())
                    : DictionarySpaces.NONE));
      }
      arenas.add(
          new Arena(
              id,
              0,
              labels,
              slots,
              strings,
              columns,
              lists(in, version),
              lists(in, version),
              in.readInt()));
    }
    return arenas;
  }

  private static void lists(DataOutputStream out, @Nullable ListSpaces lists) throws IOException {
    out.writeInt(lists == null ? 0 : lists.entryBytes());
    if (lists != null) {
      out.writeInt(lists.directory());
      slabs(out, lists.slabs());
      out.writeInt(lists.hubs());
      numbers(out, lists.runs().groups(), lists.runs().ends(), lists.runs().entries());
    }
  }

  private static @Nullable ListSpaces lists(DataInputStream in, int version) throws IOException {
    int entryBytes = in.readInt();
    return entryBytes == 0
        ? null
        : new ListSpaces(entryBytes, in.readInt(), slabs(in), in.readInt(), runs(in, version));
  }

  private static RunSpaces runs(DataInputStream in, int version) throws IOException {
    return version > WITHOUT_RUNS
        ? new RunSpaces(in.readInt(), in.readInt(), in.readInt())
        : RunSpaces.NONE;
  }

  private static void slabs(DataOutputStream out, SlabSpaces slabs) throws IOException {
    numbers(out, slabs.small(), slabs.large(), slabs.descriptors());
  }

  private static SlabSpaces slabs(DataInputStream in) throws IOException {
    return new SlabSpaces(in.readInt(), in.readInt(), in.readInt());
  }

  private static void names(DataOutputStream out, List<String> names) throws IOException {
    out.writeInt(names.size());
    for (String name : names) {
      out.writeUTF(name);
    }
  }

  private static List<String> names(DataInputStream in) throws IOException {
    List<String> names = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      names.add(in.readUTF());
    }
    return names;
  }

  private static void numbers(DataOutputStream out, int... numbers) throws IOException {
    for (int number : numbers) {
      out.writeInt(number);
    }
  }
}
