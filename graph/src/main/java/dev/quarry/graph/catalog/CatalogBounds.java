package dev.quarry.graph.catalog;

import static dev.quarry.storage.page.PageReader.NO_SPACE;

import dev.quarry.storage.arena.DictionarySpaces;
import dev.quarry.error.CorruptPageException;
import dev.quarry.error.ErrorCode;
import dev.quarry.storage.page.PageReader;
import dev.quarry.storage.slab.ListSpaces;
import dev.quarry.storage.slab.RunSpaces;
import dev.quarry.storage.slab.SlabSpaces;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes sure, once per catalog that was read, that every number in it means something: tokens have
/// names, arenas and regions exist, and every space exists and belongs to one thing alone. So
/// nobody asks again.
final class CatalogBounds {
  private final Catalog catalog;
  private final PageReader reader;
  private final BitSet used = new BitSet();

  private CatalogBounds(Catalog catalog, PageReader reader) {
    this.catalog = catalog;
    this.reader = reader;
  }

  /// @throws CorruptPageException with what the number is, what it is, and what it may be
  static void ensure(Catalog catalog, PageReader reader) {
    new CatalogBounds(catalog, reader).run();
  }

  private void run() {
    used.set(0);
    names("label", catalog.labels());
    names("type", catalog.types());
    names("key", catalog.keys());
    for (Arena arena : catalog.arenas()) {
      arena.labels().forEach(label -> below("label of an arena", label, catalog.labels().size()));
      arena(arena, true);
    }
    for (Arena arena : catalog.edgeArenas()) {
      below("number of types of an edge arena less one", arena.labels().size() - 1, 1);
      below("type of an edge arena", arena.labels().getFirst(), catalog.types().size());
      arena(arena, false);
    }
    catalog.flips().forEach(this::flip);
    catalog.kinds().forEach(this::kind);
    own("counters", catalog.counts());
    StatisticsSpaces statistics = catalog.statistics();
    own("counts by kind", statistics.kinds(), statistics.kinds() == NO_SPACE);
    own("estimates", statistics.estimates(), statistics.estimates() == NO_SPACE);
    schema();
    regions();
  }

  private static void names(String what, List<String> names) {
    Set<String> known = new HashSet<>();
    for (String name : names) {
      if (!known.add(name)) {
        throw damaged(what + " `" + name + "` has two tokens");
      }
    }
  }

  private void arena(Arena arena, boolean ofNodes) {
    below("region of an arena", arena.region(), catalog.regions().all().size());
    boolean gone = arena.isDropped();
    own("live slots", arena.slots().live(), gone);
    own("generations", arena.slots().generations(), gone);
    own("slot counters", arena.slots().counts(), gone);
    slabs("strings", arena.strings().slabs(), gone);
    Set<Integer> keys = new HashSet<>();
    for (ColumnLayout column : arena.columns()) {
      below("key of a column", column.key(), catalog.keys().size());
      if (!keys.add(column.key())) {
        throw damaged("an arena has two columns of key " + column.key());
      }
      own("cells", column.values());
      own("null bits", column.nulls());
      own("overflow cells", column.overflow());
      dictionary(column);
    }
    if (ofNodes) {
      lists(arena.outgoing(), 16, 16, gone);
      lists(arena.incoming(), 16, 16, gone);
    } else {
      own("ends", arena.ends(), gone);
    }
    boolean hasEnds = arena.ends() != NO_SPACE;
    boolean hasLists = arena.outgoing() != null || arena.incoming() != null;
    if (ofNodes ? hasEnds : hasLists) {
      throw damaged("arena " + arena.id() + " is one of nodes and of relationships");
    }
  }

  /// Compared here, since the equals of a record is generated when it is first called, and every
  /// opening would wait for that.
  private static boolean areNone(int... spaces) {
    for (int space : spaces) {
      if (space != NO_SPACE) {
        return false;
      }
    }
    return true;
  }

  private void dictionary(ColumnLayout column) {
    DictionarySpaces dictionary = column.dictionary();
    boolean none = areNone(dictionary.codes(), dictionary.entries());
    if (!none && !column.tag().isBytes()) {
      throw damaged("a column of " + column.tag() + " has dictionaries");
    }
    own("codes", dictionary.codes(), none);
    own("entries of dictionaries", dictionary.entries(), none);
  }

  private void lists(@Nullable ListSpaces lists, int least, int most, boolean gone) {
    int width = lists == null ? 0 : lists.entryBytes();
    if (lists == null || width < least || width > most || Integer.bitCount(width) != 1) {
      throw damaged("lists have entries of %d bytes, not %d to %d".formatted(width, least, most));
    }
    own("a directory", lists.directory(), gone);
    slabs("blocks", lists.slabs(), gone);
    own("hubs", lists.hubs(), gone);
    RunSpaces runs = lists.runs();
    boolean none = areNone(runs.groups(), runs.ends(), runs.entries());
    if (!none && width == 16) {
      throw damaged("mixed lists have runs");
    }
    own("groups of runs", runs.groups(), none);
    own("ends of runs", runs.ends(), none);
    own("entries of runs", runs.entries(), none);
  }

  private void slabs(String what, SlabSpaces slabs, boolean gone) {
    own("small slots of " + what, slabs.small(), gone);
    own("large slots of " + what, slabs.large(), gone);
    own("descriptors of " + what, slabs.descriptors(), gone);
  }

  private void flip(Flip flip) {
    below("arena of a flip", flip.arena(), catalog.arenas().size());
    below("label of a flip", flip.label(), catalog.labels().size());
    counter(flip.counter());
    boolean gone = catalog.arenas().get(flip.arena()).isDropped();
    own("flips", flip.space(), gone && flip.space() == NO_SPACE);
  }

  private void kind(ListKind kind) {
    below("arena of a kind", kind.arena(), catalog.arenas().size());
    below("other arena of a kind", kind.other(), catalog.arenas().size());
    below("type of a kind", kind.type(), catalog.types().size());
    lists(kind.spaces(), 4, 8, kind.spaces().directory() == NO_SPACE);
  }

  private void schema() {
    for (IndexDefinition index : catalog.indexes()) {
      tokens(index.ofRelationships(), index.token(), index.keys());
      own("index `" + index.name() + "`", index.space());
    }
    for (ConstraintDefinition constraint : catalog.constraints()) {
      tokens(constraint.ofRelationships(), constraint.token(), constraint.keys());
    }
  }

  private void tokens(boolean ofRelationships, int token, List<Integer> keys) {
    int most = ofRelationships ? catalog.types().size() : catalog.labels().size();
    below("token of an index or a constraint", token, most);
    keys.forEach(key -> below("key of an index or a constraint", key, catalog.keys().size()));
    if (keys.isEmpty()) {
      throw damaged("an index or a constraint has no keys");
    }
  }

  private void regions() {
    Regions regions = catalog.regions();
    below("number of regions less one", regions.all().size() - 1, Regions.MOST);
    for (RegionCount count : regions.counts()) {
      below("type of a count", count.type(), catalog.types().size());
      below("region of a count", count.source(), regions.all().size());
      below("region of a count", count.target(), regions.all().size());
      counter(count.counter());
    }
    own("the sweep", regions.sweep(), regions.sweep() == NO_SPACE);
  }

  /// Counters of types are even, all others odd.
  private static void counter(int counter) {
    if (counter < 0 || (counter & 1) == 0) {
      throw damaged("counter " + counter + " belongs to a type, or to nobody");
    }
  }

  private static void below(String what, int found, int most) {
    if (found < 0 || found >= most) {
      throw damaged("%s is %d, expected 0 to %d".formatted(what, found, most - 1));
    }
  }

  private void own(String what, int space) {
    own(what, space, false);
  }

  /// @param gone whether it went with its region, so that there is no space
  private void own(String what, int space, boolean gone) {
    if (gone && space == NO_SPACE) {
      return;
    }
    if (gone || space < 0 || !reader.hasSpace(space)) {
      throw damaged("%s lie in space %d, which does not exist".formatted(what, space));
    }
    if (used.get(space)) {
      throw damaged("%s lie in space %d, which holds something else".formatted(what, space));
    }
    used.set(space);
  }

  private static CorruptPageException damaged(String what) {
    return new CorruptPageException(
        ErrorCode.STORE_DAMAGED,
        "the catalog in space 0 is damaged: " + what,
        "restore the store from a backup, or save what is left with `quarry repair`");
  }
}
