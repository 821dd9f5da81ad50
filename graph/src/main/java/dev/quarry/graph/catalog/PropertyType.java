package dev.quarry.graph.catalog;

import dev.quarry.graph.value.Tag;
import dev.quarry.graph.value.ValueCodec;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A type that a constraint demands of a property, as in `IS :: LIST<STRING NOT NULL>`.
///
/// @param tag kind of the value
/// @param element of lists: the kind of all elements, null where any will do; else null
public record PropertyType(Tag tag, @Nullable Tag element) {
  public PropertyType {
    if (element != null && (tag != Tag.LIST || element == Tag.LIST)) {
      throw new IllegalArgumentException(tag + " of " + element);
    }
  }

  /// A type that is no list, or a list of anything.
  public static PropertyType of(Tag tag) {
    return new PropertyType(tag, null);
  }

  /// A list of elements of one kind; the empty list is one, too.
  public static PropertyType listOf(Tag element) {
    return new PropertyType(Tag.LIST, element);
  }

  /// Whether a value, in its canonical form, is of this type.
  public boolean accepts(Object value) {
    if (ValueCodec.tagOf(value) != tag) {
      return false;
    }
    return element == null
        || ((List<?>) value).stream().allMatch(one -> ValueCodec.tagOf(one) == element);
  }

  /// The type as statements write it.
  public String text() {
    return element == null ? text(tag) : "LIST<" + text(element) + " NOT NULL>";
  }

  private static String text(Tag tag) {
    return switch (tag) {
      case LOCAL_TIME -> "LOCAL TIME";
      case TIME -> "ZONED TIME";
      case LOCAL_DATETIME -> "LOCAL DATETIME";
      case DATETIME -> "ZONED DATETIME";
      default -> tag.name();
    };
  }
}
