package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.CatalogBuilder;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.PropertyType;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether definitions of indexes and constraints may be added to a catalog or taken away.
final class SchemaRules {
  private SchemaRules() {}

  /// Refuses what can be no index and no constraint in any catalog.
  static void ensureSound(@Nullable String name, SchemaTarget target) {
    if (name != null) {
      CatalogBuilder.ensureName(name, "indexes and constraints");
    }
    if (target.keys().isEmpty() || new HashSet<>(target.keys()).size() < target.keys().size()) {
      throw invalid(
          "an index or a constraint is over one property or more, none of them twice, but not over "
              + target.keys());
    }
  }

  static void ensureSound(SchemaTarget target, ConstraintKind kind, List<PropertyType> types) {
    boolean typed = kind == ConstraintKind.TYPE;
    if (typed == types.isEmpty() || typed && target.keys().size() > 1) {
      throw invalid(
          "a constraint of kind %s cannot be over the properties %s with the types %s"
              .formatted(kind, target.keys(), types.stream().map(PropertyType::text).toList()));
    }
  }

  private static GraphException invalid(String message) {
    return new GraphException(
        ErrorCode.INVALID_VALUE,
        message,
        "name one property and its types for a type constraint, properties only for all others");
  }

  /// Whether an index has to be made: not where there is one of that name or of the same records
  /// and properties.
  ///
  /// @throws GraphException if there is one and that is not expected
  static boolean isNew(
      Catalog catalog, IndexDefinition wanted, boolean named, boolean ifNotExists) {
    boolean taken = named && isTaken(catalog, wanted.name());
    IndexDefinition same = catalog.index(wanted.ofRelationships(), wanted.token(), wanted.keys());
    if (taken && !ifNotExists) {
      throw taken(wanted.name());
    }
    if (same != null && !ifNotExists) {
      throw exists("index", same.name());
    }
    return !taken && same == null;
  }

  /// The same for a constraint. A unique one cannot stand beside an index of its own making.
  static boolean isNew(
      Catalog catalog, ConstraintDefinition wanted, boolean named, boolean ifNotExists) {
    boolean taken = named && isTaken(catalog, wanted.name());
    if (taken && !ifNotExists) {
      throw taken(wanted.name());
    }
    for (ConstraintDefinition constraint : catalog.constraints()) {
      if (constraint.demandsSame(wanted)) {
        if (!ifNotExists) {
          throw exists("constraint", constraint.name());
        }
        return false;
      }
    }
    IndexDefinition same = catalog.index(wanted.ofRelationships(), wanted.token(), wanted.keys());
    if (!taken && wanted.kind().isUnique() && same != null) {
      throw exists(same.owned() ? "unique constraint" : "index", same.name());
    }
    return !taken;
  }

  /// The index to drop; null if there is none and that is expected.
  static @Nullable IndexDefinition indexToDrop(Catalog catalog, String name, boolean ifExists) {
    IndexDefinition index = catalog.index(name);
    if (index == null) {
      ensureOptional("index", name, ifExists);
    } else if (index.owned()) {
      throw new GraphException(
          ErrorCode.SCHEMA_IN_USE,
          "index `" + name + "` belongs to the constraint of the same name",
          "drop the constraint");
    }
    return index;
  }

  /// The constraint to drop; null if there is none and that is expected.
  static @Nullable ConstraintDefinition constraintToDrop(
      Catalog catalog, String name, boolean ifExists) {
    ConstraintDefinition constraint = catalog.constraint(name);
    if (constraint == null) {
      ensureOptional("constraint", name, ifExists);
    }
    return constraint;
  }

  /// A name that nobody has: `index_1`, `index_2`, …, the first that is free.
  static String freeName(Catalog catalog, String what) {
    int number = 1;
    while (isTaken(catalog, what + "_" + number)) {
      number++;
    }
    return what + "_" + number;
  }

  private static boolean isTaken(Catalog catalog, String name) {
    return catalog.index(name) != null || catalog.constraint(name) != null;
  }

  private static GraphException taken(String name) {
    return new GraphException(
        ErrorCode.SCHEMA_NAME_TAKEN,
        "there is an index or a constraint with the name `" + name + "`",
        "choose another name, or say IF NOT EXISTS");
  }

  private static GraphException exists(String what, String name) {
    return new GraphException(
        ErrorCode.SCHEMA_EXISTS,
        "the " + what + " `" + name + "` is over the same properties already",
        "use it, or drop it before");
  }

  private static void ensureOptional(String what, String name, boolean ifExists) {
    if (!ifExists) {
      throw new GraphException(
          ErrorCode.SCHEMA_NOT_FOUND,
          "there is no " + what + " with the name `" + name + "`",
          "list the names, or say IF EXISTS");
    }
  }
}
