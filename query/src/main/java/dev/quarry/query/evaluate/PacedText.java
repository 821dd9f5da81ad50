package dev.quarry.query.evaluate;

import dev.quarry.query.value.Pace;

/// A text that counts how often a character of it is read, so that a match over it ends with the
/// query.
final class PacedText implements CharSequence {
  private final String text;
  private final Pace pace;
  private final int steps;

  /// @param steps what is counted for each character
  PacedText(String text, Pace pace, int steps) {
    this.text = text;
    this.pace = pace;
    this.steps = steps;
  }

  @Override
  public int length() {
    return text.length();
  }

  @Override
  public char charAt(int index) {
    pace.steps(steps);
    return text.charAt(index);
  }

  @Override
  public CharSequence subSequence(int start, int end) {
    return new PacedText(text.substring(start, end), pace, steps);
  }

  @Override
  public String toString() {
    return text;
  }
}
