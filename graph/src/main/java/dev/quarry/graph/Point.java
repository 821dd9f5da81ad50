package dev.quarry.graph;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;

/// A point, cartesian or WGS-84, in two or three dimensions.
///
/// @param srid 7203 cartesian, 9157 cartesian 3D, 4326 WGS-84, 4979 WGS-84 3D
/// @param x longitude in WGS-84
/// @param y latitude in WGS-84
/// @param z height; 0 where there are two dimensions
public record Point(int srid, double x, double y, double z) {
  public static final int CARTESIAN = 7203;
  public static final int CARTESIAN_3D = 9157;
  public static final int WGS_84 = 4326;
  public static final int WGS_84_3D = 4979;

  /// Refuses reference systems that Quarry does not know.
  public Point {
    switch (srid) {
      case CARTESIAN, WGS_84 -> z = 0;
      case CARTESIAN_3D, WGS_84_3D -> {}
      default ->
          throw new GraphException(
              ErrorCode.INVALID_VALUE,
              "a point has the unknown reference system " + srid,
              "use 7203, 9157, 4326 or 4979");
    }
  }

  /// A point in two dimensions.
  public Point(int srid, double x, double y) {
    this(srid, x, y, 0);
  }

  /// 2 or 3.
  public int dimensions() {
    return srid == CARTESIAN_3D || srid == WGS_84_3D ? 3 : 2;
  }

  /// Whether x and y are longitude and latitude.
  public boolean geographic() {
    return srid == WGS_84 || srid == WGS_84_3D;
  }
}
