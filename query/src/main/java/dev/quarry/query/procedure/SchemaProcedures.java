package dev.quarry.query.procedure;

import dev.quarry.graph.ValueType;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.transaction.Reading;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What `SHOW INDEXES` and `SHOW CONSTRAINTS` call: the definitions, by name.
final class SchemaProcedures {
  private SchemaProcedures() {}

  static List<ProcedureDefinition> all() {
    return List.of(
        new ProcedureDefinition(
            "db.indexes",
            List.of(),
            List.of(
                named("name", "STRING"),
                named("type", "STRING"),
                named("entityType", "STRING"),
                named("labelsOrTypes", "LIST OF STRING"),
                named("properties", "LIST OF STRING"),
                named("owningConstraint", "STRING?"),
                named("entries", "INTEGER")),
            ProcedureDefinition.Mode.READ,
            (context, arguments) -> indexes(context.reading())),
        new ProcedureDefinition(
            "db.constraints",
            List.of(),
            List.of(
                named("name", "STRING"),
                named("type", "STRING"),
                named("entityType", "STRING"),
                named("labelsOrTypes", "LIST OF STRING"),
                named("properties", "LIST OF STRING"),
                named("ownedIndex", "STRING?"),
                named("propertyType", "STRING?")),
            ProcedureDefinition.Mode.READ,
            (context, arguments) -> constraints(context.reading().catalog())));
  }

  private static ValueType.Named named(String name, String type) {
    return new ValueType.Named(name, ValueType.of(type));
  }

  private static Stream<List<@Nullable Object>> indexes(Reading reading) {
    Catalog catalog = reading.catalog();
    return catalog.indexes().stream()
        .sorted(Comparator.comparing(IndexDefinition::name))
        .map(
            index ->
                row(
                    index.name(),
                    "RANGE",
                    entity(index.ofRelationships()),
                    List.of(labelOrType(catalog, index.ofRelationships(), index.token())),
                    keys(catalog, index.keys()),
                    index.owned() ? index.name() : null,
                    reading.counts().entries(index)));
  }

  private static Stream<List<@Nullable Object>> constraints(Catalog catalog) {
    return catalog.constraints().stream()
        .sorted(Comparator.comparing(ConstraintDefinition::name))
        .map(
            constraint ->
                row(
                    constraint.name(),
                    type(constraint),
                    entity(constraint.ofRelationships()),
                    List.of(labelOrType(catalog, constraint.ofRelationships(), constraint.token())),
                    keys(catalog, constraint.keys()),
                    constraint.kind().isUnique() ? constraint.name() : null,
                    constraint.types().isEmpty() ? null : constraint.typesText()));
  }

  private static List<@Nullable Object> row(@Nullable Object... values) {
    return Arrays.asList(values);
  }

  private static String entity(boolean ofRelationships) {
    return ofRelationships ? "RELATIONSHIP" : "NODE";
  }

  private static String type(ConstraintDefinition constraint) {
    String what =
        switch (constraint.kind()) {
          case UNIQUE -> "_PROPERTY_UNIQUENESS";
          case EXISTS -> "_PROPERTY_EXISTENCE";
          case TYPE -> "_PROPERTY_TYPE";
          case KEY -> "_KEY";
        };
    return entity(constraint.ofRelationships()) + what;
  }

  private static String labelOrType(Catalog catalog, boolean ofRelationships, int token) {
    return (ofRelationships ? catalog.types() : catalog.labels()).get(token);
  }

  private static List<String> keys(Catalog catalog, List<Integer> tokens) {
    return tokens.stream().map(catalog.keys()::get).toList();
  }
}
