package dev.quarry.query.evaluate;

import dev.quarry.error.Span;
import dev.quarry.graph.Point;
import dev.quarry.query.value.Border;
import dev.quarry.query.value.Cell;
import dev.quarry.query.value.Relations;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Points: how they are made, their fields, their distance, and whether they lie in a box.
final class PointFunctions {
  /// Meters.
  private static final double EARTH_RADIUS = 6_378_140.0;

  private static final Map<String, Integer> SYSTEMS =
      Map.of(
          "cartesian", Point.CARTESIAN,
          "cartesian-3d", Point.CARTESIAN_3D,
          "wgs-84", Point.WGS_84,
          "wgs-84-3d", Point.WGS_84_3D);

  private PointFunctions() {}

  /// `point({x: 1, y: 2})`; null where a coordinate is null.
  static void make(Evaluator of, EvaluationContext context, Span span, Evaluator target) {
    if (of.isNull()) {
      target.setNull();
      return;
    }
    if (of.tag() != Cell.MAP) {
      throw Failures.type("point needs a map", of.head, span);
    }
    Map<?, ?> map = (Map<?, ?>) Border.get(of.head, of.body, context.reading());
    assert map != null;
    boolean geographic = map.containsKey("longitude") || map.containsKey("latitude");
    String third = geographic && !map.containsKey("z") ? "height" : "z";
    List<String> keys =
        geographic ? List.of("longitude", "latitude", third) : List.of("x", "y", third);
    if (keys.stream().anyMatch(key -> map.containsKey(key) && map.get(key) == null)) {
      target.setNull();
      return;
    }
    double x = coordinate(map, keys.get(0), span);
    double y = coordinate(map, keys.get(1), span);
    boolean deep = map.containsKey(third);
    double z = deep ? coordinate(map, third, span) : 0;
    Point point = new Point(system(map, geographic, deep, span), x, y, z);
    requireOnEarth(point, span);
    long at = context.values().allocate(Cell.BYTES);
    Border.put(point, at, context.values());
    target.setCell(at);
  }

  private static double coordinate(Map<?, ?> map, String key, Span span) {
    if (map.get(key) instanceof Number number && Double.isFinite(number.doubleValue())) {
      return number.doubleValue();
    }
    throw Failures.value(
        map.containsKey(key)
            ? "`" + key + "` of a point must be a finite number"
            : "a point needs `" + key + "`",
        span,
        "give x and y, or longitude and latitude, and z or height for a third dimension");
  }

  /// The reference system that a map names, or the one that fits its coordinates.
  private static int system(Map<?, ?> map, boolean geographic, boolean deep, Span span) {
    Object named = map.get("srid") != null ? map.get("srid") : map.get("crs");
    Integer srid =
        switch (named) {
          case null -> fitting(geographic, deep);
          case Long number -> SYSTEMS.containsValue(number.intValue()) ? number.intValue() : null;
          case String name -> SYSTEMS.get(name.toLowerCase(Locale.ROOT));
          default -> null;
        };
    if (srid == null || named instanceof Long number && number != srid.longValue()) {
      throw Failures.value(
          "there is no reference system `" + named + "`",
          span,
          "use 7203 or cartesian, 9157 or cartesian-3d, 4326 or wgs-84, 4979 or wgs-84-3d");
    }
    Point example = new Point(srid, 0, 0);
    boolean fits = (example.dimensions() == 3) == deep && (example.geographic() || !geographic);
    if (!fits) {
      throw Failures.value(
          "the coordinates of the point are not those of " + name(srid),
          span,
          "a cartesian point has x and y, one in three dimensions z or height too");
    }
    return srid;
  }

  private static int fitting(boolean geographic, boolean deep) {
    if (geographic) {
      return deep ? Point.WGS_84_3D : Point.WGS_84;
    }
    return deep ? Point.CARTESIAN_3D : Point.CARTESIAN;
  }

  private static void requireOnEarth(Point point, Span span) {
    if (point.geographic() && !(Math.abs(point.x()) <= 180 && Math.abs(point.y()) <= 90)) {
      throw Failures.value(
          "longitude lies between -180 and 180, latitude between -90 and 90, not at "
              + point.x()
              + ", "
              + point.y(),
          span,
          null);
    }
  }

  private static String name(int srid) {
    return SYSTEMS.entrySet().stream()
        .filter(entry -> entry.getValue() == srid)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  /// A field of a point; `z` and `height` of a flat one are null.
  static void read(
      Evaluator of, String field, EvaluationContext context, Span span, Evaluator target) {
    Point point = (Point) Relations.decode(of.head, of.body);
    switch (field) {
      case "x" -> target.setFloat(point.x());
      case "y" -> target.setFloat(point.y());
      case "z" -> third(point, target);
      case "srid" -> target.setInteger(point.srid());
      case "crs" -> BasicEvaluators.setText(target, name(point.srid()), context.values());
      case "longitude", "latitude", "height" -> {
        if (!point.geographic()) {
          throw Failures.value("a cartesian point has no field `" + field + "`", span, null);
        }
        switch (field) {
          case "longitude" -> target.setFloat(point.x());
          case "latitude" -> target.setFloat(point.y());
          default -> third(point, target);
        }
      }
      default ->
          throw Failures.value(
              "a point has no field `" + field + "`",
              span,
              "it has x, y, z, longitude, latitude, height, crs and srid");
    }
  }

  private static void third(Point point, Evaluator target) {
    if (point.dimensions() == 3) {
      target.setFloat(point.z());
    } else {
      target.setNull();
    }
  }

  /// A point as [#make] would read it.
  static String text(Point point) {
    String height = point.dimensions() == 3 ? ", z: " + point.z() : "";
    return "point({x: "
        + point.x()
        + ", y: "
        + point.y()
        + height
        + ", crs: '"
        + name(point.srid())
        + "'})";
  }

  /// The distance of two points: meters on the earth for geographic ones, as the great circle
  /// measures it; null where their systems differ.
  static void distance(Evaluator a, Evaluator b, Span span, Evaluator target) {
    Point from = point(a, "a distance is measured between points", span);
    Point to = point(b, "a distance is measured between points", span);
    if (from == null || to == null || from.srid() != to.srid()) {
      target.setNull();
    } else if (from.geographic()) {
      target.setFloat(greatCircle(from, to));
    } else {
      double flat = Math.hypot(from.x() - to.x(), from.y() - to.y());
      target.setFloat(from.dimensions() == 3 ? Math.hypot(flat, from.z() - to.z()) : flat);
    }
  }

  private static @Nullable Point point(Evaluator value, String what, Span span) {
    if (value.isNull()) {
      return null;
    }
    if (value.tag() != Cell.POINT) {
      throw Failures.type(what, value.head, span);
    }
    return (Point) Relations.decode(value.head, value.body);
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

  /// Whether a point lies in a box, its edges included; null where their systems differ. A
  /// geographic box whose west is larger than its east goes over the 180th meridian.
  static void within(Evaluator[] arguments, Span span, Evaluator target) {
    Point of = point(arguments[0], "point.withinBBox needs points", span);
    Point low = point(arguments[1], "point.withinBBox needs points", span);
    Point high = point(arguments[2], "point.withinBBox needs points", span);
    boolean known = of != null && low != null && high != null;
    if (!known || of.srid() != low.srid() || of.srid() != high.srid()) {
      target.setNull();
      return;
    }
    boolean over = of.geographic() && low.x() > high.x();
    boolean across =
        over ? of.x() >= low.x() || of.x() <= high.x() : isBetween(low.x(), of.x(), high.x());
    target.setBoolean(
        across
            && isBetween(low.y(), of.y(), high.y())
            && (of.dimensions() == 2 || isBetween(low.z(), of.z(), high.z())));
  }

  private static boolean isBetween(double low, double value, double high) {
    return low <= value && value <= high;
  }
}
