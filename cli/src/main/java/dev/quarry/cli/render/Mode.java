package dev.quarry.cli.render;

/// The output modes, as `--mode` names them.
public enum Mode {
  BOX,
  CSV,
  TSV,
  JSON,
  JSONL;

  /// Whether rows and errors are JSON objects.
  public boolean json() {
    return this == JSON || this == JSONL;
  }

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
