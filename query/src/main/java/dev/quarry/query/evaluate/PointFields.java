package dev.quarry.query.evaluate;

import dev.quarry.graph.Point;
import dev.quarry.query.value.Relations;

/// The fields of a point.
final class PointFields {
  private PointFields() {}

  static void read(Evaluator of, String field, Evaluator target) {
    Point point = (Point) Relations.decode(of.head, of.body);
    switch (field) {
      case "x", "longitude" -> target.setFloat(point.x());
      case "y", "latitude" -> target.setFloat(point.y());
      case "z", "height" -> {
        if (point.dimensions() == 3) {
          target.setFloat(point.z());
        } else {
          target.setNull();
        }
      }
      case "srid" -> target.setInteger(point.srid());
      default -> target.setNull();
    }
  }
}
