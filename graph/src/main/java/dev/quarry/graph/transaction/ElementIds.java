package dev.quarry.graph.transaction;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.graph.RelationshipIdentity;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads elementIds: `n<arena>.<slot>.<gen>`, `r<type>.<slot>.<gen>`, and
/// `e<type>.<start>.<end>.<n>`, where start and end are each `<arena>.<slot>.<gen>`.
final class ElementIds {
  private static final String PART = "(\\d{1,13})";
  private static final String RECORD = PART + "\\." + PART + "\\." + PART;
  private static final Pattern NODE = Pattern.compile("n" + RECORD);
  private static final Pattern ROW = Pattern.compile("r" + RECORD);
  private static final Pattern BARE =
      Pattern.compile("e" + PART + "\\." + RECORD + "\\." + RECORD + "\\." + PART);

  private ElementIds() {}

  /// Id and generation of a node.
  static long[] node(String text) {
    Matcher matcher = NODE.matcher(text);
    if (!matcher.matches()) {
      throw invalid(text, "a node, as n0.17.0");
    }
    return new long[] {id(matcher, 1), part(matcher, 3)};
  }

  static RelationshipIdentity relationship(String text) {
    Matcher row = ROW.matcher(text);
    if (row.matches()) {
      return new RelationshipIdentity.Row(
          (int) part(row, 1), part(row, 2) & Ids.SLOT_MASK, (int) part(row, 3));
    }
    Matcher bare = BARE.matcher(text);
    if (!bare.matches()) {
      throw invalid(text, "a relationship, as r0.17.0 or e0.0.1.0.0.2.0.0");
    }
    return new RelationshipIdentity.Bare(
        (int) part(bare, 1),
        id(bare, 2),
        (int) part(bare, 4),
        id(bare, 5),
        (int) part(bare, 7),
        part(bare, 8));
  }

  private static long id(Matcher matcher, int group) {
    return Ids.node((int) part(matcher, group), part(matcher, group + 1) & Ids.SLOT_MASK);
  }

  private static long part(Matcher matcher, int group) {
    return Long.parseLong(matcher.group(group));
  }

  private static GraphException invalid(String text, String expected) {
    return new GraphException(
        ErrorCode.INVALID_ELEMENT_ID,
        "\"" + text + "\" is no elementId of " + expected,
        "use the text that elementId() gave");
  }
}
