package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.SocialData;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Writes the files of [SocialData]: few persons, tags and messages that many relationships lead
/// to, chains of replies that end after [#DEEPEST], the same for the same number and seed.
///
/// ```text
/// a person: 4 posts, 8 comments, some 20 friends, 0 to 5 interests, half a forum of 0 to 24 members
/// a post: 0 to 3 tags, 0 to 4 likes        a comment: 0 to 2 tags, 0 to 1 likes
/// ```
final class SocialGenerator {
  private static final int COUNTRIES = 20;
  private static final int CITIES = 100;
  private static final int CLASSES = 20;
  private static final int TAGS = 200;
  private static final int DEEPEST = 12;
  private static final List<String> FIRST =
      List.of("Ada", "Bo", "Chen", "Dana", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jun");
  private static final List<String> LAST =
      List.of("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Larch", "Maple", "Oak");
  private static final List<String> BROWSERS = List.of("Chrome", "Firefox", "Safari", "Opera");

  private final int persons;
  private final int forums;
  private final int posts;
  private final int comments;
  private final Path folder;
  private final SplittableRandom random;
  private final Map<String, StringBuilder> files = new HashMap<>();

  private SocialGenerator(int persons, long seed, Path folder) {
    this.persons = persons;
    this.forums = persons / 2;
    this.posts = 4 * persons;
    this.comments = 8 * persons;
    this.folder = folder;
    this.random = new SplittableRandom(seed);
  }

  static void write(int persons, long seed, Path folder) throws IOException {
    Files.createDirectories(folder);
    SocialGenerator generator = new SocialGenerator(persons, seed, folder);
    generator.nodes();
    generator.places();
    generator.people();
    generator.forums();
    generator.messages();
    generator.save();
  }

  private void nodes() {
    named("Country", COUNTRIES);
    named("City", CITIES);
    named("TagClass", CLASSES);
    named("Tag", TAGS);
    for (int i = 0; i < persons; i++) {
      line(
          "Person",
          i,
          any(FIRST),
          any(LAST),
          1950 + random.nextInt(60),
          any(BROWSERS),
          random.nextInt(1 << 20));
    }
    for (int i = 0; i < forums; i++) {
      line("Forum", i, "Group of " + any(LAST) + " " + i);
    }
    int[] moments = random.ints(0, 1 << 30).distinct().limit(posts + comments).toArray();
    for (int i = 0; i < posts + comments; i++) {
      String about = "About " + any(LAST) + " and " + any(LAST);
      line(i < posts ? "Post" : "Comment", i, about, moments[i]);
    }
  }

  private void named(String label, int count) {
    for (int i = 0; i < count; i++) {
      line(label, i, label + " " + i);
    }
  }

  private void places() {
    for (int i = 0; i < CITIES; i++) {
      line("City_IS_PART_OF_Country", i, i % COUNTRIES);
    }
    for (int i = 0; i < TAGS; i++) {
      line("Tag_HAS_TYPE_TagClass", i, i % CLASSES);
    }
  }

  private void people() {
    for (int i = 0; i < persons; i++) {
      line(
          "Person_IS_LOCATED_IN_City",
          i,
          random.nextInt(4) == 0 ? skewed(CITIES) : i / 16 % CITIES);
      for (int tag : distinct(random.nextInt(6), TAGS)) {
        line("Person_HAS_INTEREST_Tag", i, tag);
      }
      for (int friend : friends(i)) {
        if (friend > i && friend < persons) {
          line("Person_KNOWS_Person", i, friend, random.nextInt(1 << 20));
        }
      }
    }
  }

  /// Six who are near in number, and so mostly in the same city, and some of those whom many know.
  private int[] friends(int person) {
    IntStream near = random.ints(6, person + 1, person + 17);
    return IntStream.concat(near, Arrays.stream(distinct(8, persons))).distinct().toArray();
  }

  private void forums() {
    for (int i = 0; i < forums; i++) {
      line("Forum_HAS_MODERATOR_Person", i, skewed(persons));
      for (int member : distinct(random.nextInt(25), persons)) {
        line("Forum_HAS_MEMBER_Person", i, member);
      }
    }
  }

  private void messages() {
    int[] depths = new int[posts + comments];
    for (int i = 0; i < posts + comments; i++) {
      boolean isPost = i < posts;
      String label = isPost ? "Post" : "Comment";
      line(label + "_HAS_CREATOR_Person", i, skewed(persons));
      for (int tag : distinct(random.nextInt(isPost ? 4 : 3), TAGS)) {
        line(label + "_HAS_TAG_Tag", i, tag);
      }
      for (int liker : distinct(random.nextInt(isPost ? 5 : 2), persons)) {
        line("Person_LIKES_" + label, liker, i);
      }
      if (isPost) {
        line("Forum_CONTAINER_OF_Post", skewed(forums), i);
      } else {
        reply(i, depths);
      }
    }
  }

  /// To a post, or to an earlier comment that is not too deep.
  private void reply(int comment, int[] depths) {
    int other = random.nextInt(10) < 6 ? skewed(posts) : random.nextInt(posts, comment + 1);
    int to = other == comment || depths[other] == DEEPEST ? skewed(posts) : other;
    depths[comment] = depths[to] + 1;
    line("Comment_REPLY_OF_" + (to < posts ? "Post" : "Comment"), comment, to);
  }

  /// So many different numbers, small ones more often; fewer if one is drawn twice.
  private int[] distinct(int count, int bound) {
    int[] drawn = new int[count];
    Arrays.setAll(drawn, i -> skewed(bound));
    return Arrays.stream(drawn).distinct().toArray();
  }

  /// Small numbers more often than great ones.
  private int skewed(int bound) {
    double r = random.nextDouble();
    return (int) (r * r * bound);
  }

  private String any(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private void line(String file, Object... fields) {
    StringBuilder lines = files.computeIfAbsent(file, key -> new StringBuilder());
    for (int i = 0; i < fields.length; i++) {
      lines.append(i == 0 ? "" : ",").append(fields[i]);
    }
    lines.append('\n');
  }

  private void save() throws IOException {
    List<String> names = new ArrayList<>();
    SocialData.NODES.forEach(nodes -> names.add(nodes.file()));
    SocialData.RELATIONSHIPS.forEach(relationships -> names.add(relationships.file()));
    for (String name : names) {
      String lines = files.getOrDefault(name.replace(".csv", ""), new StringBuilder()).toString();
      try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(folder.resolve(name)))) {
        out.print(lines);
      }
    }
  }
}
