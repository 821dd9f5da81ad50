package dev.quarry.graph.hash;

import dev.quarry.graph.Direction;
import dev.quarry.graph.Progress;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.Flip;
import dev.quarry.graph.check.Steps;
import dev.quarry.graph.record.ArenaReader;
import dev.quarry.graph.transaction.Expansion;
import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.graph.transaction.Ids;
import dev.quarry.storage.Store;
import dev.quarry.storage.memory.Budget;
import dev.quarry.storage.memory.Memory;
import dev.quarry.storage.memory.Scratch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A hash of a graph as such: of its nodes with labels and properties, of its relationships with
/// type, properties and ends. Ids, slots, tokens, generations, the order of creation and of lists,
/// and where pages lie have no part in it.
///
/// It is colour refinement. The first colour of a node hashes its labels and properties. A round
/// gives each node a new colour: a hash of its old one and of the sum, over its relationships, of
/// hashes of direction, type, properties and the old colour of the node at the other end. The hash
/// of the graph is a hash of the sum of the last colours. Sums do not depend on an order.
///
/// **What differs.** Two graphs of which one has a label, a value, a relationship, an end more or
/// otherwise differ, but for chance: colours have 64 bits. The exception are nodes that cannot be
/// told apart by anything within three steps of them. So a ring of six alike nodes and two rings of
/// three have the same hash; where each node has a property of its own, or differs within three
/// steps, nothing is missed. Two rounds tell apart the nodes of almost all graphs even without
/// labels and properties.
///
/// **Memory.** 8 bytes a node for the colours of a round, twice. What exceeds its share of the
/// budget goes to spill files; then old colours are looked up in windows, and the lists are walked
/// once for each window.
///
/// Sources: B. Weisfeiler and A. Leman, *The reduction of a graph to canonical form and the algebra
/// which appears therein* (1968); N. Shervashidze et al., *Weisfeiler-Lehman graph kernels*, JMLR
/// 12 (2011); L. Babai and L. Kučera, *Canonical labelling of graphs in linear average time*
/// (1979).
public final class GraphHash {
  private static final int ROUNDS = 3;
  private static final long INCOMING = 0x2545F4914F6CDD1DL;
  private static final long SECOND = 0xD6E8FEB86659FD93L;

  private final GraphSnapshot snapshot;
  private final Catalog catalog;
  private final Store store;
  private final Budget account;
  private final Steps steps;
  private final ValueHash values = new ValueHash();
  private final long mostWords;
  private final long[] labels;
  private final long[] types;
  private final long[] keys;
  private final long[] firstIndex;
  private long nodes;
  private long relationships;

  /// What was found.
  ///
  /// @param high half of the hash of nodes and relationships
  /// @param low the other half
  /// @param schema hash of the indexes and constraints, names included
  public record Result(long high, long low, long schema, long nodes, long relationships) {}

  private GraphHash(GraphSnapshot snapshot, Store store, Budget account, Progress progress) {
    this.snapshot = snapshot;
    this.catalog = snapshot.catalog();
    this.store = store;
    this.account = account;
    this.steps = new Steps(progress, store.clock(), 1 + ROUNDS);
    this.mostWords = store.budget().limit() / 16 / 8;
    this.labels = hashes(catalog.labels(), 1);
    this.types = hashes(catalog.types(), 2);
    this.keys = hashes(catalog.keys(), 3);
    this.firstIndex = new long[catalog.arenas().size() + 1];
    for (Arena arena : catalog.arenas()) {
      long slots = snapshot.nodeReader(arena.id()).slots().highWater();
      firstIndex[arena.id() + 1] = firstIndex[arena.id()] + slots;
    }
  }

  /// Hashes a snapshot.
  ///
  /// @param store that the snapshot is of: its memory and spill files are used
  public static Result run(GraphSnapshot snapshot, Store store, Progress progress) {
    Budget account = store.budget().child("hash");
    try {
      return new GraphHash(snapshot, store, account, progress).run();
    } finally {
      account.close();
    }
  }

  private Result run() {
    Words colours = words();
    try {
      steps.stage("nodes");
      firstColours(colours);
      for (int round = 1; round <= ROUNDS; round++) {
        steps.stage("round " + round);
        Words next = refine(colours);
        colours.close();
        colours = next;
      }
      return sum(colours);
    } finally {
      colours.close();
    }
  }

  private Result sum(Words colours) {
    long high = 0;
    long low = 0;
    for (long i = 0; i < slots(); i++) {
      long colour = colours.next();
      if (colour != 0) {
        high += Memory.mix(colour);
        low += Memory.mix(colour ^ SECOND);
      }
    }
    for (int type = 0; type < types.length; type++) {
      relationships += snapshot.counts().relationships(type);
    }
    return new Result(
        Memory.mix(high + nodes),
        Memory.mix(low + relationships),
        SchemaHash.of(catalog),
        nodes,
        relationships);
  }

  /// Labels and properties; 0 for a slot that is free.
  private void firstColours(Words colours) {
    for (Arena arena : catalog.arenas()) {
      ArenaReader reader = snapshot.nodeReader(arena.id());
      List<Flip> flips = catalog.flips().stream().filter(f -> f.arena() == arena.id()).toList();
      long born = 0;
      for (int label : arena.labels()) {
        born += labels[label];
      }
      for (long slot = 0; slot < reader.slots().highWater(); slot++) {
        boolean live = reader.slots().isLive(slot);
        long node = Ids.node(arena.id(), slot);
        colours.put(live ? colour(born + changes(flips, node) + properties(reader, slot)) : 0);
        nodes += live ? 1 : 0;
        steps.row();
      }
    }
  }

  private long changes(List<Flip> flips, long node) {
    long sum = 0;
    for (Flip flip : flips) {
      boolean born = catalog.arenas().get(flip.arena()).hasLabel(flip.label());
      boolean has = snapshot.hasLabel(node, flip.label());
      if (born != has) {
        sum += has ? labels[flip.label()] : -labels[flip.label()];
      }
    }
    return sum;
  }

  private long properties(ArenaReader reader, long slot) {
    long sum = 0;
    for (int key : reader.keys()) {
      reader.read(slot, key, values);
      if (values.hash() != 0) {
        sum += Memory.mix(keys[key] ^ values.hash());
      }
    }
    return sum;
  }

  /// One round. Old colours are looked up in windows, as many as it takes.
  private Words refine(Words old) {
    long window = Math.max(1, Math.min(slots(), mostWords));
    Words sums = null;
    try (Scratch scratch = store.memory().scratch(account)) {
      long room = slots() <= mostWords ? 0 : scratch.allocate(window * 8);
      for (long from = 0; from == 0 || from < slots(); from += window) {
        Words before = sums;
        sums = walk(old, from, Math.min(window, slots() - from), room, before);
        if (before != null) {
          before.close();
        }
      }
      return renew(old, Objects.requireNonNull(sums));
    } finally {
      if (sums != null) {
        sums.close();
      }
    }
  }

  /// Adds to a sum per node what its relationships to the nodes of a window amount to.
  ///
  /// @param before the sums so far; null for none
  private Words walk(Words old, long from, long count, long room, @Nullable Words before) {
    long window = old.load(from, count, room);
    Expansion out = snapshot.expansion(Direction.OUTGOING, null);
    Expansion in = snapshot.expansion(Direction.INCOMING, null);
    Words sums = words();
    try {
      for (Arena arena : catalog.arenas()) {
        ArenaReader reader = snapshot.nodeReader(arena.id());
        for (long slot = 0; slot < reader.slots().highWater(); slot++) {
          long sum = before == null ? 0 : before.next();
          if (reader.slots().isLive(slot)) {
            long node = Ids.node(arena.id(), slot);
            sum += sum(out, node, 0, window, from, count);
            sum += sum(in, node, INCOMING, window, from, count);
          }
          sums.put(sum);
          steps.row();
        }
      }
      return sums;
    } catch (RuntimeException | Error e) {
      sums.close();
      throw e;
    }
  }

  private long sum(
      Expansion expansion, long node, long direction, long window, long from, long count) {
    long sum = 0;
    expansion.open(node);
    while (expansion.next()) {
      long other = expansion.neighbour();
      long index = firstIndex[Ids.arena(other)] + Ids.slot(other) - from;
      if (index >= 0 && index < count) {
        long relationship = relationship(expansion.type(), expansion.edgeSlot());
        long colour = Memory.getLong(window + index * 8);
        sum += Memory.mix(Memory.mix(relationship + direction) ^ colour);
      }
    }
    return sum;
  }

  private long relationship(int type, long edgeSlot) {
    return types[type]
        + (edgeSlot < 0 ? 0 : properties(snapshot.edgeReader(type, edgeSlot), Ids.row(edgeSlot)));
  }

  private Words renew(Words old, Words sums) {
    Words next = words();
    old.rewind();
    for (long i = 0; i < slots(); i++) {
      long colour = old.next();
      long sum = sums.next();
      next.put(colour == 0 ? 0 : colour(Memory.mix(colour) + sum));
    }
    return next;
  }

  /// Never 0, which stands for a free slot.
  private static long colour(long word) {
    long colour = Memory.mix(word + 0x9E3779B97F4A7C15L);
    return colour == 0 ? 1 : colour;
  }

  private long slots() {
    return firstIndex[firstIndex.length - 1];
  }

  private Words words() {
    return new Words(slots(), mostWords, store.memory(), account, store.spill());
  }

  private static long[] hashes(List<String> names, long kind) {
    return names.stream().mapToLong(name -> hash(name, kind)).toArray();
  }

  /// The hash of a name as one of a kind.
  static long hash(String name, long kind) {
    long hash = kind;
    for (byte part : name.getBytes(StandardCharsets.UTF_8)) {
      hash = Memory.mix(hash * 0x9E3779B97F4A7C15L + part + 1);
    }
    return Memory.mix(hash + kind);
  }
}
