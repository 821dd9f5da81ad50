package dev.quarry.graph.transaction;

import dev.quarry.graph.catalog.Catalog;
import dev.quarry.graph.catalog.ConstraintDefinition;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.IndexDefinition;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.catalog.SchemaFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes and drops indexes and constraints for a write transaction, which says what they mean.
final class SchemaStatements {
  private final GraphTransaction transaction;
  private final Changes changes;

  SchemaStatements(GraphTransaction transaction, Changes changes) {
    this.transaction = transaction;
    this.changes = changes;
  }

  private Catalog catalog() {
    return changes.catalog();
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
          int token = token(target);
          List<Integer> keys = keys(target);
          transaction.log(
              LogRecord.INDEX, out -> SchemaFormat.head(out, chosen, edges, token, keys));
          changes.createIndex(chosen, edges, token, keys, false);
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
          transaction.log(LogRecord.CONSTRAINT, out -> SchemaFormat.write(out, constraint));
          changes.createConstraint(constraint);
          new ConstraintCheck(transaction, changes.indexing().check()).whole(constraint);
          return true;
        });
  }

  boolean dropIndex(String name, boolean ifExists) {
    if (SchemaRules.indexToDrop(catalog(), name, ifExists) == null) {
      return false;
    }
    return transaction.change(
        () -> {
          transaction.log(LogRecord.INDEX_GONE, out -> out.writeUTF(name));
          changes.dropIndex(name);
          return true;
        });
  }

  boolean dropConstraint(String name, boolean ifExists) {
    if (SchemaRules.constraintToDrop(catalog(), name, ifExists) == null) {
      return false;
    }
    return transaction.change(
        () -> {
          transaction.log(LogRecord.CONSTRAINT_GONE, out -> out.writeUTF(name));
          changes.dropConstraint(name);
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
        ? transaction.type(target.labelOrType())
        : transaction.label(target.labelOrType());
  }

  private List<Integer> keys(SchemaTarget target) {
    return target.keys().stream().map(transaction::keyToken).toList();
  }
}
