package dev.quarry.query.procedure;

import dev.quarry.graph.ValueType;
import dev.quarry.graph.catalog.Arena;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.statistics.ArenaEstimate;
import dev.quarry.graph.statistics.ColumnEstimate;
import dev.quarry.graph.statistics.DegreeEstimate;
import dev.quarry.graph.statistics.EstimatesFormat;
import dev.quarry.graph.statistics.KindCounts;
import dev.quarry.graph.transaction.Reading;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What plans go by (rule S24): exact counts of kinds of relationships, and the estimates.
///
/// Labels are those that nodes were created with.
final class StatisticsProcedures {
  private StatisticsProcedures() {}

  static List<ProcedureDefinition> all() {
    return List.of(
        procedure(
            "db.statistics.kinds",
            StatisticsProcedures::kinds,
            named("labels", "LIST OF STRING"),
            named("type", "STRING"),
            named("otherLabels", "LIST OF STRING"),
            named("relationships", "INTEGER")),
        procedure(
            "db.statistics.properties",
            StatisticsProcedures::properties,
            named("entityType", "STRING"),
            named("labelsOrType", "LIST OF STRING"),
            named("property", "STRING"),
            named("records", "INTEGER"),
            named("present", "INTEGER"),
            named("distinct", "INTEGER"),
            named("minimum", "ANY?"),
            named("maximum", "ANY?"),
            named("commit", "INTEGER")),
        procedure(
            "db.statistics.degrees",
            StatisticsProcedures::degrees,
            named("labels", "LIST OF STRING"),
            named("type", "STRING"),
            named("direction", "STRING"),
            named("nodes", "INTEGER"),
            named("nonEmpty", "INTEGER"),
            named("maximum", "INTEGER"),
            named("histogram", "LIST OF INTEGER"),
            named("selfLoops", "INTEGER"),
            named("mayHaveParallels", "BOOLEAN"),
            named("commit", "INTEGER")));
  }

  private static ProcedureDefinition procedure(
      String name,
      Function<Reading, Stream<List<@Nullable Object>>> rows,
      ValueType.Named... outputs) {
    return new ProcedureDefinition(
        name,
        List.of(),
        List.of(outputs),
        ProcedureDefinition.Mode.READ,
        (context, arguments) -> rows.apply(context.reading()));
  }

  private static ValueType.Named named(String name, String type) {
    return new ValueType.Named(name, ValueType.of(type));
  }

  private static Stream<List<@Nullable Object>> kinds(Reading reading) {
    Catalog catalog = reading.catalog();
    KindCounts counts = reading.counts().kinds();
    List<List<@Nullable Object>> rows = new ArrayList<>();
    if (counts != null) {
      counts.all(
          (source, type, target, count) ->
              rows.add(
                  row(
                      labels(catalog, source),
                      catalog.types().get(type),
                      labels(catalog, target),
                      count)));
    }
    return rows.stream();
  }

  private static Stream<List<@Nullable Object>> properties(Reading reading) {
    Catalog catalog = reading.catalog();
    return estimates(reading)
        .flatMap(arena -> arena.columns().stream().map(column -> property(catalog, arena, column)));
  }

  private static List<@Nullable Object> property(
      Catalog catalog, ArenaEstimate arena, ColumnEstimate column) {
    return row(
        arena.ofRelationships() ? "RELATIONSHIP" : "NODE",
        arena.ofRelationships()
            ? List.of(type(catalog, arena.arena()))
            : labels(catalog, arena.arena()),
        catalog.keys().get(column.key()),
        arena.records(),
        column.present(),
        column.distinct(),
        column.least(),
        column.greatest(),
        arena.commit());
  }

  private static Stream<List<@Nullable Object>> degrees(Reading reading) {
    Catalog catalog = reading.catalog();
    return estimates(reading)
        .flatMap(arena -> arena.degrees().stream().map(degree -> degree(catalog, arena, degree)));
  }

  private static List<@Nullable Object> degree(
      Catalog catalog, ArenaEstimate arena, DegreeEstimate degree) {
    return row(
        labels(catalog, arena.arena()),
        catalog.types().get(degree.type()),
        degree.outgoing() ? "OUTGOING" : "INCOMING",
        arena.records(),
        degree.sources(),
        degree.maximum(),
        degree.histogram(),
        degree.loops(),
        degree.mayHaveParallels(),
        arena.commit());
  }

  /// The estimates of what was not dropped, in the order of arenas.
  private static Stream<ArenaEstimate> estimates(Reading reading) {
    int space = reading.catalog().statistics().estimates();
    if (space < 0) {
      return Stream.of();
    }
    return EstimatesFormat.read(reading.pages(), space).arenas().stream()
        .filter(estimate -> isThere(reading.catalog(), estimate))
        .sorted(
            java.util.Comparator.comparing(ArenaEstimate::ofRelationships)
                .thenComparing(ArenaEstimate::arena));
  }

  private static boolean isThere(Catalog catalog, ArenaEstimate estimate) {
    List<Arena> arenas = estimate.ofRelationships() ? catalog.edgeArenas() : catalog.arenas();
    return !arenas.get(estimate.arena()).isDropped();
  }

  private static String type(Catalog catalog, int edgeArena) {
    return catalog.types().get(catalog.edgeArenas().get(edgeArena).labels().getFirst());
  }

  private static List<String> labels(Catalog catalog, int arena) {
    Arena of = catalog.arenas().get(arena);
    return of.labels().stream().map(catalog.labels()::get).sorted().toList();
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }
}
