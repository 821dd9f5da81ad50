package dev.quarry.query.syntax;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// "Did you mean …?": the nearest known word, if it is near enough.
public final class Suggestion {
  private Suggestion() {}

  /// A hint that names the known word nearest to what was written; null if none is near: at most
  /// one mistake in four letters, an exchange of neighbours counting as one.
  public static @Nullable String of(String written, Collection<String> known) {
    String best = null;
    int bestDistance = Math.max(1, (written.length() + 2) / 4) + 1;
    for (String word : known) {
      int distance =
          distance(written.toLowerCase(Locale.ROOT), word.toLowerCase(Locale.ROOT), bestDistance);
      if (distance < bestDistance && !word.equals(written)) {
        best = word;
        bestDistance = distance;
      }
    }
    return best == null ? null : "did you mean `" + best + "`?";
  }

  /// Optimal string alignment distance; `limit` if it is not below that.
  private static int distance(String a, String b, int limit) {
    if (Math.abs(a.length() - b.length()) >= limit) {
      return limit;
    }
    int[][] rows = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        int least = Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1);
        least = Math.min(least, rows[i - 1][j - 1] + cost);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          least = Math.min(least, rows[i - 2][j - 2] + 1);
        }
        rows[i][j] = least;
      }
    }
    return Math.min(limit, rows[a.length()][b.length()]);
  }
}
