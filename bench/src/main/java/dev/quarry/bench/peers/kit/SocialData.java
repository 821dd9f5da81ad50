package dev.quarry.bench.peers.kit;

import java.nio.file.Path;
import java.util.List;

/// The folder with a small social network that [SocialQuestion]s are asked about: CSV files without
/// headers, one for each kind of node and relationship, no relationship twice, no friend of
/// oneself.
///
/// ```text
/// (Country)<-IS_PART_OF-(City)<-IS_LOCATED_IN-(Person)-KNOWS-(Person)-HAS_INTEREST->(Tag)-HAS_TYPE->(TagClass)
/// (Person)<-HAS_MEMBER, HAS_MODERATOR-(Forum)-CONTAINER_OF->(Post)
/// (Person)<-HAS_CREATOR-(Message)-HAS_TAG->(Tag), (Message)<-LIKES-(Person), (Message)<-REPLY_OF-(Comment)
/// ```
///
/// A `Message` is a `Post` or a `Comment`; their ids are one sequence, posts first. `KNOWS` is
/// stored once for each pair and read in both directions. Points in time are integers, those of
/// messages all different.
///
/// @param persons with ids from 0
/// @param messages with ids from 0
public record SocialData(Path folder, int persons, int messages) {
  /// A file of nodes.
  ///
  /// @param label as which a database with one label a node knows them
  /// @param labels all of them
  /// @param ids the sequence that their ids are of
  /// @param columns what comes after the id
  public record Nodes(String label, List<String> labels, String ids, List<Column> columns) {
    public String file() {
      return label + ".csv";
    }
  }

  /// A file of relationships: two ids, and what comes after them.
  ///
  /// @param from label of the nodes they begin at
  /// @param to label of the nodes they end at
  public record Relationships(String type, String from, String to, List<Column> columns) {
    public String file() {
      return from + "_" + type + "_" + to + ".csv";
    }
  }

  /// A property.
  ///
  /// @param isText or an integer
  public record Column(String name, boolean isText) {}

  private static final Column NAME = new Column("name", true);
  private static final Column CREATED = new Column("created", false);
  private static final Column CONTENT = new Column("content", true);

  /// All files of nodes.
  public static final List<Nodes> NODES =
      List.of(
          nodes("Country", NAME),
          nodes("City", NAME),
          nodes("TagClass", NAME),
          nodes("Tag", NAME),
          nodes(
              "Person",
              new Column("firstName", true),
              new Column("lastName", true),
              new Column("birthday", false),
              new Column("browser", true),
              CREATED),
          nodes("Forum", new Column("title", true)),
          message("Post"),
          message("Comment"));

  /// All files of relationships.
  public static final List<Relationships> RELATIONSHIPS =
      List.of(
          relationships("IS_PART_OF", "City", "Country"),
          relationships("HAS_TYPE", "Tag", "TagClass"),
          relationships("IS_LOCATED_IN", "Person", "City"),
          relationships("KNOWS", "Person", "Person", CREATED),
          relationships("HAS_INTEREST", "Person", "Tag"),
          relationships("HAS_MEMBER", "Forum", "Person"),
          relationships("HAS_MODERATOR", "Forum", "Person"),
          relationships("CONTAINER_OF", "Forum", "Post"),
          relationships("HAS_CREATOR", "Post", "Person"),
          relationships("HAS_CREATOR", "Comment", "Person"),
          relationships("HAS_TAG", "Post", "Tag"),
          relationships("HAS_TAG", "Comment", "Tag"),
          relationships("REPLY_OF", "Comment", "Post"),
          relationships("REPLY_OF", "Comment", "Comment"),
          relationships("LIKES", "Person", "Post"),
          relationships("LIKES", "Person", "Comment"));

  private static Nodes nodes(String label, Column... columns) {
    return new Nodes(label, List.of(label), label, List.of(columns));
  }

  private static Nodes message(String label) {
    return new Nodes(label, List.of("Message", label), "Message", List.of(CONTENT, CREATED));
  }

  private static Relationships relationships(
      String type, String from, String to, Column... columns) {
    return new Relationships(type, from, to, List.of(columns));
  }

  /// Which sequence the ids of nodes with a label are of.
  public static String idsOf(String label) {
    return label.equals("Post") || label.equals("Comment") ? "Message" : label;
  }

  public Path path(String file) {
    return folder.resolve(file);
  }
}
