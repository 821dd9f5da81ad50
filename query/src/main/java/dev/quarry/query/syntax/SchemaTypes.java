package dev.quarry.query.syntax;

import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.value.Tag;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses the types that a constraint can demand.
final class SchemaTypes {
  /// Words that begin a type.
  static final Set<String> WORDS =
      Set.of(
          "BOOLEAN",
          "INTEGER",
          "FLOAT",
          "STRING",
          "DATE",
          "LOCAL",
          "ZONED",
          "DURATION",
          "POINT",
          "LIST");

  private SchemaTypes() {}

  /// The type that comes next; null if none does, and then no word is taken.
  static @Nullable PropertyType type(TokenStream tokens) {
    if (!tokens.isAtWord("LIST")) {
      Tag tag = tag(tokens);
      return tag == null ? null : PropertyType.of(tag);
    }
    tokens.next();
    if (!tokens.accept("<")) {
      return PropertyType.of(Tag.LIST);
    }
    Tag element = tag(tokens);
    if (element == null) {
      throw tokens.unexpected("the type of the elements, which is no list", WORDS);
    }
    tokens.expectWord("NOT");
    tokens.expectWord("NULL");
    tokens.expect(">", "to end the type of the list");
    return PropertyType.listOf(element);
  }

  private static @Nullable Tag tag(TokenStream tokens) {
    Token word = tokens.peek();
    if (word.kind() != Token.Kind.NAME) {
      return null;
    }
    Tag tag =
        switch (word.text().toUpperCase(Locale.ROOT)) {
          case "BOOLEAN", "BOOL" -> Tag.BOOLEAN;
          case "INTEGER", "INT" -> Tag.INTEGER;
          case "FLOAT" -> Tag.FLOAT;
          case "STRING", "VARCHAR" -> Tag.STRING;
          case "DATE" -> Tag.DATE;
          case "DURATION" -> Tag.DURATION;
          case "POINT" -> Tag.POINT;
          case "LOCAL" -> Tag.LOCAL_TIME;
          case "ZONED" -> Tag.TIME;
          default -> null;
        };
    if (tag != null) {
      tokens.next();
    }
    return tag == Tag.LOCAL_TIME || tag == Tag.TIME ? time(tokens, tag == Tag.LOCAL_TIME) : tag;
  }

  private static Tag time(TokenStream tokens, boolean local) {
    if (tokens.acceptWord("TIME")) {
      return local ? Tag.LOCAL_TIME : Tag.TIME;
    }
    if (tokens.acceptWord("DATETIME")) {
      return local ? Tag.LOCAL_DATETIME : Tag.DATETIME;
    }
    throw tokens.unexpected("TIME or DATETIME", Set.of("TIME", "DATETIME"));
  }
}
