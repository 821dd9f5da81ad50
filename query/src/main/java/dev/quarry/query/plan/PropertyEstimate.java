package dev.quarry.query.plan;

import org.jspecify.annotations.Nullable;

/// What is estimated of a property of some records, for plans only.
///
/// @param present the share of the records that have it
/// @param equal the share of the records that have one value of it, on average
/// @param least of the values that can be compared; null if none can, or not with each other
/// @param greatest the same
public record PropertyEstimate(
    double present, double equal, @Nullable Object least, @Nullable Object greatest) {
  /// Bytes of a text that its position counts: as many as a float tells apart.
  private static final int TEXT_BYTES = 7;

  /// Where a value lies between the least and the greatest: 0 to 1, NaN if that cannot be said.
  double position(@Nullable Object value) {
    double low = number(least);
    double high = number(greatest);
    double at = number(value);
    boolean comparable = (value instanceof String) == (least instanceof String);
    if (!comparable || Double.isNaN(low + high + at)) {
      return Double.NaN;
    }
    return high > low
        ? Math.clamp((at - low) / (high - low), 0, 1)
        : at < low ? 0 : at > low ? 1 : 0.5;
  }

  /// Numbers as they are, texts by their first bytes, anything else not at all.
  private static double number(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case String text -> {
        byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
        double number = 0;
        for (int i = 0; i < TEXT_BYTES; i++) {
          number = number * 256 + (i < bytes.length ? bytes[i] & 0xFF : 0);
        }
        yield number;
      }
      case null, default -> Double.NaN;
    };
  }
}
