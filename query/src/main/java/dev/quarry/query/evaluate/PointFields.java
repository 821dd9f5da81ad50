package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.Point;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;

/// The fields of points, and their distance.
final class PointFields {
  /// Meters.
  private static final double EARTH_RADIUS = 6_378_140.0;

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

  /// The distance of two points: meters on the earth for geographic ones, as the great circle
  /// measures it; null where their systems differ.
  static void distance(Evaluator a, Evaluator b, Span span, Evaluator target) {
    if (a.isNull() || b.isNull()) {
      target.setNull();
      return;
    }
    if (a.tag() != Cell.POINT || b.tag() != Cell.POINT) {
      throw Failures.type(
          "a distance is measured between points", a.tag() == Cell.POINT ? b.head : a.head, span);
    }
    Point from = (Point) Relations.decode(a.head, a.body);
    Point to = (Point) Relations.decode(b.head, b.body);
    if (from.srid() != to.srid()) {
      target.setNull();
    } else if (from.srid() == 4326 || from.srid() == 4979) {
      target.setFloat(greatCircle(from, to));
    } else {
      double flat = Math.hypot(from.x() - to.x(), from.y() - to.y());
      target.setFloat(from.dimensions() == 3 ? Math.hypot(flat, from.z() - to.z()) : flat);
    }
  }

  private static double greatCircle(Point from, Point to) {
    double latitude = Math.toRadians(to.y() - from.y());
    double longitude = Math.toRadians(to.x() - from.x());
    double half =
        Math.pow(Math.sin(latitude / 2), 2)
            + Math.cos(Math.toRadians(from.y()))
                * Math.cos(Math.toRadians(to.y()))
                * Math.pow(Math.sin(longitude / 2), 2);
    boolean heights = from.dimensions() == 3;
    double radius = EARTH_RADIUS + (heights ? (from.z() + to.z()) / 2 : 0);
    double along = 2 * radius * Math.asin(Math.min(1, Math.sqrt(half)));
    return heights ? Math.hypot(along, from.z() - to.z()) : along;
  }
}
