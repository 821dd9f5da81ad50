package dev.quarry.query.procedure;

import dev.quarry.graph.ValueType;
import dev.quarry.graph.transaction.Reading;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The procedures that every store has: what names its graph uses, and what runs it.
final class BuiltInProcedures {
  private static final String VERSION = "0.1.0-SNAPSHOT";

  private BuiltInProcedures() {}

  static List<ProcedureDefinition> all() {
    return List.of(
        names("db.labels", "label", BuiltInProcedures::labels),
        names("db.relationshipTypes", "relationshipType", BuiltInProcedures::types),
        names("db.propertyKeys", "propertyKey", reading -> reading.catalog().keys().stream()),
        new ProcedureDefinition(
            "quarry.regions",
            List.of(),
            List.of(
                named("name", "STRING"),
                named("nodes", "INTEGER"),
                named("pages", "INTEGER"),
                named("bytes", "INTEGER"),
                named("floorPages", "INTEGER")),
            ProcedureDefinition.Mode.READ,
            (context, arguments) -> regions(context.reading())),
        new ProcedureDefinition(
            "dbms.components",
            List.of(),
            List.of(
                named("name", "STRING"),
                named("versions", "LIST OF STRING"),
                named("edition", "STRING")),
            ProcedureDefinition.Mode.READ,
            (context, arguments) -> Stream.of(List.of("Quarry", List.of(VERSION), "embedded"))));
  }

  private static ProcedureDefinition names(
      String procedure, String output, Function<Reading, Stream<String>> names) {
    return new ProcedureDefinition(
        procedure,
        List.of(),
        List.of(named(output, "STRING")),
        ProcedureDefinition.Mode.READ,
        (context, arguments) -> names.apply(context.reading()).sorted().map(List::of));
  }

  private static ValueType.Named named(String name, String type) {
    return new ValueType.Named(name, ValueType.of(type));
  }

  private static Stream<List<@Nullable Object>> regions(Reading reading) {
    return reading.regionUsage().stream()
        .map(one -> List.of(one.name(), one.nodes(), one.pages(), one.bytes(), one.floorPages()));
  }

  /// Those that a node has.
  private static Stream<String> labels(Reading reading) {
    List<String> labels = reading.catalog().labels();
    return IntStream.range(0, labels.size())
        .filter(label -> reading.counts().nodes(label) > 0)
        .mapToObj(labels::get);
  }

  /// Those that a relationship has.
  private static Stream<String> types(Reading reading) {
    List<String> types = reading.catalog().types();
    return IntStream.range(0, types.size())
        .filter(type -> reading.counts().relationships(type) > 0)
        .mapToObj(types::get);
  }
}
