package dev.quarry.bench.generate;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.SplittableRandom;

/// A social network with properties and dates, as files that `quarry load` reads: 2^scale persons,
/// an eighth as many forums, four messages a person. The same scale and seed give the same files.
///
/// ```text
/// (Person)-[KNOWS {since}]->(Person)      8 a person, mostly near in number, some hubs
/// (Forum)-[HAS_MEMBER {joined}]->(Person) 32 a forum, skewed
/// (Forum)-[CONTAINS]->(Message)           each message in one
/// (Message)-[CREATED_BY]->(Person)        skewed to some persons
/// (Message)-[REPLY_OF]->(Message)         half of them, to an earlier one
/// (Person)-[LIKES {on}]->(Message)        8 a person
/// ```
final class SocialGraph {
  private static final List<String> FIRST =
      List.of(
          "Ada", "Bo", "Chen", "Dana", "Emil", "Fay", "Gus", "Hana", "Ivo", "Jun", "Kim", "Lea");
  private static final List<String> LAST =
      List.of("Alder", "Birch", "Cedar", "Elm", "Fir", "Hazel", "Juniper", "Larch", "Maple", "Oak");
  private static final List<String> BROWSERS = List.of("Chrome", "Firefox", "Safari", "Opera");
  private static final LocalDate BEGIN = LocalDate.of(2010, 1, 1);
  private static final int DAYS = 5_000;

  private final Path folder;
  private final SplittableRandom random;
  private final int persons;
  private final int forums;
  private final int messages;

  private SocialGraph(int scale, long seed, Path folder) {
    this.folder = folder;
    this.random = new SplittableRandom(seed);
    this.persons = 1 << scale;
    this.forums = Math.max(1, persons / 8);
    this.messages = persons * 4;
  }

  /// What writes the lines of one file.
  private interface Lines {
    void write(BufferedWriter out) throws IOException;
  }

  /// Writes all files.
  ///
  /// @param scale at most 28
  static void write(int scale, long seed, Path folder) throws IOException {
    SocialGraph graph = new SocialGraph(scale, seed, folder);
    graph.nodes();
    graph.relationships();
  }

  private void nodes() throws IOException {
    file("persons.csv", "id:ID(Person),firstName,lastName,birthday:date,browser", this::persons);
    file("forums.csv", "id:ID(Forum),title,created:date", this::forums);
    file("messages.csv", "id:ID(Message),content,length:int,created:date", this::messages);
  }

  private void relationships() throws IOException {
    file("knows.csv", ":START_ID(Person),:END_ID(Person),since:date", this::knows);
    file("has_member.csv", ":START_ID(Forum),:END_ID(Person),joined:date", this::members);
    file("contains.csv", ":START_ID(Forum),:END_ID(Message)", this::contains);
    file("created_by.csv", ":START_ID(Message),:END_ID(Person)", this::creators);
    file("reply_of.csv", ":START_ID(Message),:END_ID(Message)", this::replies);
    file("likes.csv", ":START_ID(Person),:END_ID(Message),on:date", this::likes);
  }

  private void file(String name, String header, Lines lines) throws IOException {
    try (BufferedWriter out =
        Files.newBufferedWriter(folder.resolve(name), StandardCharsets.UTF_8)) {
      out.write(header);
      out.write('\n');
      lines.write(out);
    }
  }

  private void persons(BufferedWriter out) throws IOException {
    for (int i = 0; i < persons; i++) {
      LocalDate birthday = BEGIN.minusDays(6_000 + random.nextInt(15_000));
      line(out, i, any(FIRST), any(LAST), birthday, any(BROWSERS));
    }
  }

  private void forums(BufferedWriter out) throws IOException {
    for (int i = 0; i < forums; i++) {
      line(out, i, "Friends of " + any(LAST) + " " + i, day());
    }
  }

  private void messages(BufferedWriter out) throws IOException {
    for (int i = 0; i < messages; i++) {
      int length = 10 + random.nextInt(90);
      line(out, i, "About " + any(LAST) + " number " + i, length, day());
    }
  }

  private void knows(BufferedWriter out) throws IOException {
    for (int i = 0; i < persons; i++) {
      for (int k = random.nextInt(17); k > 0; k--) {
        int near = Math.floorMod(i + random.nextInt(201) - 100, persons);
        line(out, i, random.nextInt(10) < 7 ? near : skewed(persons), day());
      }
    }
  }

  private void members(BufferedWriter out) throws IOException {
    for (int i = 0; i < forums; i++) {
      for (int k = random.nextInt(65); k > 0; k--) {
        line(out, i, skewed(persons), day());
      }
    }
  }

  private void contains(BufferedWriter out) throws IOException {
    for (int i = 0; i < messages; i++) {
      line(out, skewed(forums), i);
    }
  }

  private void creators(BufferedWriter out) throws IOException {
    for (int i = 0; i < messages; i++) {
      line(out, i, skewed(persons));
    }
  }

  private void replies(BufferedWriter out) throws IOException {
    for (int i = 1; i < messages; i++) {
      if (random.nextBoolean()) {
        line(out, i, random.nextInt(i));
      }
    }
  }

  private void likes(BufferedWriter out) throws IOException {
    for (int i = 0; i < persons; i++) {
      for (int k = random.nextInt(17); k > 0; k--) {
        line(out, i, skewed(messages), day());
      }
    }
  }

  /// Small numbers more often than great ones.
  private int skewed(int bound) {
    double r = random.nextDouble();
    return (int) (r * r * r * bound);
  }

  private LocalDate day() {
    return BEGIN.plusDays(random.nextInt(DAYS));
  }

  private String any(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }

  private static void line(BufferedWriter out, Object... values) throws IOException {
    for (int i = 0; i < values.length; i++) {
      out.write(i == 0 ? "" : ",");
      out.write(String.valueOf(values[i]));
    }
    out.write('\n');
  }
}
