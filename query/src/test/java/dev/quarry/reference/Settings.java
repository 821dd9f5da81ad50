package dev.quarry.reference;

import dev.quarry.error.ErrorCode;
import dev.quarry.query.syntax.Clause;
import dev.quarry.query.syntax.Expression;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// SET and REMOVE: row by row and item by item, each seeing the one before (rule S2).
final class Settings {
  private final Expressions expressions;

  Settings(Expressions expressions) {
    this.expressions = expressions;
  }

  void set(List<Clause.SetItem> items, Table table) {
    table.rows().forEach(row -> apply(items, row));
  }

  void apply(List<Clause.SetItem> items, Map<String, @Nullable Object> row) {
    for (Clause.SetItem item : items) {
      apply(item, Environment.of(row));
    }
  }

  private void apply(Clause.SetItem item, Environment environment) {
    Object value = expressions.value(item.value(), environment);
    if (!item.labels().isEmpty()) {
      if (entity(item.target(), environment) instanceof ReferenceNode node) {
        node.labels().addAll(item.labels());
      }
    } else if (item.target() instanceof Expression.Property property) {
      ReferenceEntity entity = entity(property.of(), environment);
      if (entity != null) {
        put(entity.properties(), property.key(), value);
      }
    } else {
      ReferenceEntity entity = entity(item.target(), environment);
      if (entity != null) {
        putAll(entity, value, item.adds());
      }
    }
  }

  private static void putAll(ReferenceEntity entity, @Nullable Object value, boolean adds) {
    if (value == null) {
      throw Failure.type("a map is needed", value);
    }
    Map<String, @Nullable Object> contents = Operators.contents(value);
    if (!adds) {
      entity.properties().clear();
    }
    contents.forEach((key, one) -> put(entity.properties(), key, one));
  }

  void remove(List<Clause.SetItem> items, Table table) {
    for (var row : table.rows()) {
      for (Clause.SetItem item : items) {
        remove(item, Environment.of(row));
      }
    }
  }

  private void remove(Clause.SetItem item, Environment environment) {
    if (item.target() instanceof Expression.Property property) {
      ReferenceEntity entity = entity(property.of(), environment);
      if (entity != null) {
        entity.properties().remove(property.key());
      }
    } else if (entity(item.target(), environment) instanceof ReferenceNode node) {
      node.labels().removeAll(item.labels());
    }
  }

  /// What is to be changed; nothing is done to null, and a deleted entity is refused (rule S6).
  private @Nullable ReferenceEntity entity(Expression target, Environment environment) {
    Object value = expressions.value(target, environment);
    if (value == null) {
      return null;
    }
    if (value instanceof ReferenceEntity entity) {
      Operators.requireContents(entity);
      return entity;
    }
    throw Failure.type("only nodes and relationships can be changed", value);
  }

  /// Stores a property; null takes it away (rule S17).
  static void put(Map<String, Object> properties, String key, @Nullable Object value) {
    if (value == null) {
      properties.remove(key);
    } else {
      requireStorable(value);
      properties.put(key, value);
    }
  }

  private static void requireStorable(Object value) {
    boolean ofOneKind =
        value instanceof List<?> list
            && list.stream().allMatch(e -> e != null && isPlain(e))
            && list.stream().map(Object::getClass).distinct().count() <= 1;
    if (!ofOneKind && !isPlain(value)) {
      throw Failure.of(ErrorCode.INVALID_PROPERTY_TYPE, "not to be stored: " + value);
    }
  }

  private static boolean isPlain(Object value) {
    return !(value instanceof List
        || value instanceof Map
        || value instanceof ReferenceEntity
        || value instanceof ReferencePath);
  }
}
