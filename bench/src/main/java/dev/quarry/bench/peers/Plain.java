package dev.quarry.bench.peers;

/// Text that others wrote, such as the message of an exception, fit for a report.
final class Plain {
  private static final int LENGTH = 300;

  private Plain() {}

  /// On one line, not too long, without addresses of hosts and without folders of this machine, of
  /// whose files only the names are left.
  static String text(String text) {
    String line =
        text.replaceAll("\\s+", " ")
            .replaceAll("https?://[^\\s)]+", "(address)")
            .replaceAll("(?:/[\\w.+-]+)+/([\\w.+-]+)", "…/$1");
    return line.length() <= LENGTH ? line : line.substring(0, LENGTH) + " …";
  }
}
