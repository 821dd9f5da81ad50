package dev.quarry.cli.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.quarry.graph.NodeValue;
import dev.quarry.graph.PathValue;
import dev.quarry.graph.Point;
import dev.quarry.graph.RelationshipValue;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The JSON form of every value that a query can return.
///
/// Integers are digits only; floats always have a `.` or an `e`; NaN and the infinities are
/// strings; temporal values and durations are ISO strings. Identities are elementId strings, never
/// numbers. A deleted entity is `{"id":…,"deleted":true}`.
public final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /// The JSON text of a value.
  public static String of(@Nullable Object value) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json, value);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return text.toString();
  }

  /// The JSON text of an object with these fields, in their order.
  public static String object(Map<String, ? extends @Nullable Object> fields) {
    return of(fields);
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    switch (value) {
      case null -> json.writeNull();
      case Boolean truth -> json.writeBoolean(truth);
      case Long integer -> json.writeNumber(integer);
      case Integer integer -> json.writeNumber(integer);
      case Double number -> writeFloat(json, number);
      case String text -> json.writeString(text);
      case List<?> list -> writeList(json, list);
      case Map<?, ?> map -> writeMap(json, map);
      case NodeValue node -> writeNode(json, node);
      case RelationshipValue relationship -> writeRelationship(json, relationship);
      case PathValue path -> writePath(json, path);
      case Point point -> writePoint(json, point);
      default -> json.writeString(value.toString());
    }
  }

  private static void writeFloat(JsonGenerator json, double number) throws IOException {
    if (Double.isNaN(number) || Double.isInfinite(number)) {
      json.writeString(Double.toString(number));
    } else {
      json.writeRawValue(Double.toString(number));
    }
  }

  private static void writeList(JsonGenerator json, List<?> list) throws IOException {
    json.writeStartArray();
    for (Object element : list) {
      write(json, element);
    }
    json.writeEndArray();
  }

  private static void writeMap(JsonGenerator json, Map<?, ?> map) throws IOException {
    json.writeStartObject();
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      json.writeFieldName(String.valueOf(entry.getKey()));
      write(json, entry.getValue());
    }
    json.writeEndObject();
  }

  private static void writeNode(JsonGenerator json, NodeValue node) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", node.elementId());
    if (node.deleted()) {
      json.writeBooleanField("deleted", true);
    } else {
      json.writeFieldName("labels");
      writeList(json, List.copyOf(node.labels()));
      json.writeFieldName("properties");
      writeMap(json, node.properties());
    }
    json.writeEndObject();
  }

  private static void writeRelationship(JsonGenerator json, RelationshipValue relationship)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("id", relationship.elementId());
    if (relationship.deleted()) {
      json.writeBooleanField("deleted", true);
    } else {
      json.writeStringField("type", relationship.type());
      json.writeStringField("start", relationship.start());
      json.writeStringField("end", relationship.end());
      json.writeFieldName("properties");
      writeMap(json, relationship.properties());
    }
    json.writeEndObject();
  }

  private static void writePath(JsonGenerator json, PathValue path) throws IOException {
    json.writeStartObject();
    json.writeFieldName("nodes");
    writeList(json, path.nodes());
    json.writeFieldName("relationships");
    writeList(json, path.relationships());
    json.writeEndObject();
  }

  private static void writePoint(JsonGenerator json, Point point) throws IOException {
    json.writeStartObject();
    json.writeNumberField("srid", point.srid());
    json.writeFieldName("x");
    writeFloat(json, point.x());
    json.writeFieldName("y");
    writeFloat(json, point.y());
    if (point.dimensions() == 3) {
      json.writeFieldName("z");
      writeFloat(json, point.z());
    }
    json.writeEndObject();
  }
}
