package dev.quarry.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.quarry.query.syntax.Expression;
import dev.quarry.query.syntax.StatementParser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parameters of statements as they are given on the command line.
final class Parameters {
  private Parameters() {}

  /// `name=V`: V is a Cypher literal if it parses as one, else a string.
  ///
  /// @throws IllegalArgumentException if there is no `=`
  static void put(String text, Map<String, @Nullable Object> into) {
    int equals = text.indexOf('=');
    if (equals <= 0) {
      throw new IllegalArgumentException("`" + text + "` is no name=value");
    }
    into.put(text.substring(0, equals), value(text.substring(equals + 1)));
  }

  private static @Nullable Object value(String text) {
    Expression expression = StatementParser.parseExpression(text);
    return expression != null && isLiteral(expression) ? literal(expression) : text;
  }

  static boolean isLiteral(Expression expression) {
    return switch (expression) {
      case Expression.Literal e -> true;
      case Expression.Negation e -> e.operand() instanceof Expression.Literal;
      case Expression.ListLiteral e -> e.elements().stream().allMatch(Parameters::isLiteral);
      case Expression.MapLiteral e -> e.values().stream().allMatch(Parameters::isLiteral);
      default -> false;
    };
  }

  static @Nullable Object literal(Expression expression) {
    return switch (expression) {
      case Expression.Literal e -> e.value();
      case Expression.Negation e -> {
        Object value = literal(e.operand());
        yield value instanceof Double number ? (Object) (-number) : value;
      }
      case Expression.ListLiteral e -> {
        List<@Nullable Object> list = new ArrayList<>();
        e.elements().forEach(element -> list.add(literal(element)));
        yield list;
      }
      case Expression.MapLiteral e -> {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < e.keys().size(); i++) {
          map.put(e.keys().get(i), literal(e.values().get(i)));
        }
        yield map;
      }
      default -> throw new AssertionError(expression);
    };
  }

  /// The fields of the one object in a JSON file.
  static Map<String, @Nullable Object> file(Path file) {
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException(file + " holds no JSON object");
      }
      return object(json);
    } catch (JsonProcessingException e) {
      JsonLocation at = e.getLocation();
      String place = at == null ? "" : ":" + at.getLineNr() + ":" + at.getColumnNr();
      throw new IllegalArgumentException(
          file + place + " cannot be read as JSON: " + e.getOriginalMessage(), e);
    } catch (IOException e) {
      throw new IllegalArgumentException("there is no readable file " + file, e);
    }
  }

  private static Map<String, @Nullable Object> object(JsonParser json) throws IOException {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      map.put(name, value(json));
    }
    return map;
  }

  private static @Nullable Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NULL -> null;
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case START_OBJECT -> object(json);
      case START_ARRAY -> {
        List<@Nullable Object> list = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
          list.add(value(json));
        }
        yield list;
      }
      default -> json.getText();
    };
  }
}
