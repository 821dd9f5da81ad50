package dev.quarry.graph.record;

import dev.quarry.graph.value.Tag;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Values of one property for records in a row, some of which may have none.
///
/// ```text
/// tag               a value
/// INTEGER, FLOAT    a word, of a float its bits
/// STRING            a range of a text in UTF-8
/// others            an object in canonical form
/// ```
///
/// All values are of one kind; strings and numbers are no objects, and take no memory each. Filled
/// and read again and again, by one thread.
public final class Cells {
  private Tag tag = Tag.INTEGER;
  private int count;
  private int present;
  private boolean[] isPresent = {};
  private long[] words = {};
  private byte[] text = {};
  private int[] bounds = {};
  private @Nullable Object[] objects = {};

  /// Begins anew.
  ///
  /// @param newText that strings are ranges of
  public void begin(Tag newTag, byte[] newText) {
    tag = newTag;
    text = newText;
    count = 0;
    present = 0;
  }

  private void add(boolean value) {
    if (count == isPresent.length) {
      isPresent = Arrays.copyOf(isPresent, Math.max(64, 2 * count));
    }
    isPresent[count++] = value;
    present += value ? 1 : 0;
  }

  /// The next record has an integer, or a float of these bits.
  public void addWord(long word) {
    if (count >= words.length) {
      words = Arrays.copyOf(words, Math.max(64, 2 * count));
    }
    words[count] = word;
    add(true);
  }

  /// The next records have integers, or floats of these bits.
  public void addWords(long[] source, int from, int many) {
    if (count + many > words.length) {
      words = Arrays.copyOf(words, Math.max(2 * count, count + many));
    }
    System.arraycopy(source, from, words, count, many);
    if (count + many > isPresent.length) {
      isPresent = Arrays.copyOf(isPresent, Math.max(2 * count, count + many));
    }
    Arrays.fill(isPresent, count, count + many, true);
    count += many;
    present += many;
  }

  /// The next record has a string.
  public void addText(int from, int to) {
    if (2 * count >= bounds.length) {
      bounds = Arrays.copyOf(bounds, Math.max(128, 4 * count));
    }
    bounds[2 * count] = from;
    bounds[2 * count + 1] = to;
    add(true);
  }

  /// The next record has a value of another kind, in its canonical form.
  public void addObject(Object value) {
    if (count >= objects.length) {
      objects = Arrays.copyOf(objects, Math.max(64, 2 * count));
    }
    objects[count] = value;
    add(true);
  }

  /// The next record has no value.
  public void addNothing() {
    if (count < words.length) {
      words[count] = 0;
    } else if (isNumbers()) {
      words = Arrays.copyOf(words, Math.max(64, 2 * count));
    }
    add(false);
  }

  public Tag tag() {
    return tag;
  }

  public int count() {
    return count;
  }

  /// How many records have a value.
  public int present() {
    return present;
  }

  public boolean isPresent(int i) {
    return isPresent[i];
  }

  /// Whether values are words.
  public boolean isNumbers() {
    return tag == Tag.INTEGER || tag == Tag.FLOAT;
  }

  /// The words, of which there are [#count()]; 0 where there is no value.
  long[] words() {
    return words;
  }

  byte[] text() {
    return text;
  }

  int from(int i) {
    return bounds[2 * i];
  }

  int to(int i) {
    return bounds[2 * i + 1];
  }

  /// A value in its canonical form; there must be one.
  public Object value(int i) {
    return switch (tag) {
      case INTEGER -> words[i];
      case FLOAT -> Double.longBitsToDouble(words[i]);
      case STRING -> new String(text, from(i), to(i) - from(i), StandardCharsets.UTF_8);
      default -> java.util.Objects.requireNonNull(objects[i]);
    };
  }
}
