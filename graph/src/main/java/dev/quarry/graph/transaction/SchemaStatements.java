package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.PropertyType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes and drops indexes and constraints for a write transaction, which says what they mean.
final class SchemaStatements {
  private final GraphTransaction transaction;
  private final LoggedChanges logged;
  private final Runnable check;

  /// @param check what long work calls now and then
  SchemaStatements(GraphTransaction transaction, LoggedChanges logged, Runnable check) {
    this.transaction = transaction;
    this.logged = logged;
    this.check = check;
  }

  private Catalog catalog() {
    return transaction.catalog();
  }

  boolean createIndex(@Nullable String name, SchemaTarget target, boolean ifNotExists) {
    SchemaRules.ensureSound(name, target);
    String chosen = name == null ? SchemaRules.freeName(catalog(), "index") : name;
    boolean edges = target.ofRelationships();
    IndexDefinition wanted =
        new IndexDefinition(chosen, edges, knownToken(target), knownKeys(target), -1, false);
    if (!SchemaRules.isNew(catalog(), wanted, name != null, ifNotExists)) {
      return false;
    }
    return transaction.change(
        () -> {
          logged.createIndex(chosen, edges, token(target), keys(target));
          return true;
        });
  }

  boolean createConstraint(
      @Nullable String name,
      SchemaTarget target,
      ConstraintKind kind,
      List<PropertyType> types,
      boolean ifNotExists) {
    SchemaRules.ensureSound(name, target);
    SchemaRules.ensureSound(target, kind, types);
    String chosen = name == null ? SchemaRules.freeName(catalog(), "constraint") : name;
    boolean edges = target.ofRelationships();
    ConstraintDefinition wanted =
        new ConstraintDefinition(chosen, edges, knownToken(target), knownKeys(target), kind, types);
    if (!SchemaRules.isNew(catalog(), wanted, name != null, ifNotExists)) {
      return false;
    }
    return transaction.change(
        () -> {
          ConstraintDefinition constraint =
              new ConstraintDefinition(chosen, edges, token(target), keys(target), kind, types);
          logged.createConstraint(constraint);
          new ConstraintCheck(transaction, check).whole(constraint);
          return true;
        });
  }

  boolean dropIndex(String name, boolean ifExists) {
    if (SchemaRules.indexToDrop(catalog(), name, ifExists) == null) {
      return false;
    }
    return transaction.change(
        () -> {
          logged.dropIndex(name);
          return true;
        });
  }

  boolean dropConstraint(String name, boolean ifExists) {
    if (SchemaRules.constraintToDrop(catalog(), name, ifExists) == null) {
      return false;
    }
    return transaction.change(
        () -> {
          logged.dropConstraint(name);
          return true;
        });
  }

  /// The token of the label or type, -1 if nobody has used it.
  private int knownToken(SchemaTarget target) {
    return target.ofRelationships()
        ? catalog().type(target.labelOrType())
        : catalog().label(target.labelOrType());
  }

  private List<Integer> knownKeys(SchemaTarget target) {
    return target.keys().stream().map(name -> catalog().key(name)).toList();
  }

  private int token(SchemaTarget target) {
    return target.ofRelationships()
        ? logged.type(target.labelOrType())
        : logged.label(target.labelOrType());
  }

  private List<Integer> keys(SchemaTarget target) {
    return target.keys().stream().map(logged::key).toList();
  }
}
