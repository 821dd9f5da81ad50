package dev.quarry.bench.peers;

import dev.quarry.bench.peers.kit.SocialData;
import dev.quarry.bench.peers.kit.SocialQuestion;
import dev.quarry.bench.peers.kit.SocialStore;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The right answers about the social network, from lists on the heap, without any language.
final class SocialOracle implements SocialStore {
  private static final int LAST_MESSAGES = 10;

  /// Relationships of a type, by both ends.
  private static final class Type {
    private final Map<Integer, List<Integer>> out = new HashMap<>();
    private final Map<Integer, List<Integer>> in = new HashMap<>();

    void add(int source, int target) {
      out.computeIfAbsent(source, key -> new ArrayList<>()).add(target);
      in.computeIfAbsent(target, key -> new ArrayList<>()).add(source);
    }

    List<Integer> from(int source) {
      return out.getOrDefault(source, List.of());
    }

    List<Integer> to(int target) {
      return in.getOrDefault(target, List.of());
    }

    int one(int source) {
      return from(source).getFirst();
    }
  }

  private final int persons;
  private final int messages;
  private final int posts;
  private final Map<String, List<String[]>> nodes = new HashMap<>();
  private final Map<String, Type> types = new HashMap<>();
  private final Map<Integer, Map<Integer, Integer>> friends = new HashMap<>(); // and since when

  SocialOracle(SocialData data) throws IOException {
    persons = data.persons();
    messages = data.messages();
    for (SocialData.Nodes file : SocialData.NODES) {
      for (String line : Files.readAllLines(data.path(file.file()))) {
        nodes.computeIfAbsent(file.ids(), key -> new ArrayList<>()).add(line.split(","));
      }
    }
    posts = Files.readAllLines(data.path("Post.csv")).size();
    for (SocialData.Relationships file : SocialData.RELATIONSHIPS) {
      Type type = types.computeIfAbsent(file.type(), key -> new Type());
      for (String line : Files.readAllLines(data.path(file.file()))) {
        String[] fields = line.split(",");
        int source = Integer.parseInt(fields[0]);
        int target = Integer.parseInt(fields[1]);
        type.add(source, target);
        if (file.type().equals("KNOWS")) {
          befriend(source, target, Integer.parseInt(fields[2]));
          befriend(target, source, Integer.parseInt(fields[2]));
        }
      }
    }
  }

  private void befriend(int one, int other, int since) {
    friends.computeIfAbsent(one, key -> new HashMap<>()).put(other, since);
  }

  private Type type(String name) {
    return types.getOrDefault(name, new Type());
  }

  private Set<Integer> friends(int person) {
    return friends.getOrDefault(person, Map.of()).keySet();
  }

  @Override
  public List<String> rows(SocialQuestion question, int id) {
    return switch (question) {
      case LSQB_1 -> count(fromCountriesToClasses());
      case LSQB_2 -> count(answersOfFriends());
      case LSQB_3 -> count(trianglesInCountries());
      case LSQB_4 -> count(perTaggedMessage(false));
      case LSQB_5 -> count(otherTags(false));
      case LSQB_6 -> count(interestsOfFriendsOfFriends(false));
      case LSQB_7 -> count(perTaggedMessage(true));
      case LSQB_8 -> count(otherTags(true));
      case LSQB_9 -> count(interestsOfFriendsOfFriends(true));
      case READ_1 -> List.of(row(fields("Person", id, 1, 2, 3, 4, 5), home(id)));
      case READ_2 -> lastMessages(id);
      case READ_3 -> friendRows(id);
      case READ_4 -> List.of(row(fields("Message", id, 2, 1)));
      case READ_5 -> List.of(person(creator(id)));
      case READ_6 -> List.of(forum(root(id)));
      case READ_7 -> replies(id);
    };
  }

  private static List<String> count(long count) {
    return List.of("" + count);
  }

  /// Every person has a home, and every tag a class, each in one country, so they multiply nothing.
  private long fromCountriesToClasses() {
    long count = 0;
    for (int comment = posts; comment < messages; comment++) {
      int to = type("REPLY_OF").one(comment);
      if (to < posts) {
        long tags = type("HAS_TAG").from(comment).size();
        for (int forum : type("CONTAINER_OF").to(to)) {
          count += tags * type("HAS_MEMBER").from(forum).size();
        }
      }
    }
    return count;
  }

  private long answersOfFriends() {
    long count = 0;
    for (int comment = posts; comment < messages; comment++) {
      int to = type("REPLY_OF").one(comment);
      count += to < posts && friends(creator(comment)).contains(creator(to)) ? 1 : 0;
    }
    return count;
  }

  private long trianglesInCountries() {
    long count = 0;
    for (int one = 0; one < persons; one++) {
      for (int two : friends(one)) {
        for (int three : friends(two)) {
          boolean closed = friends(three).contains(one);
          boolean near = country(one) == country(two) && country(two) == country(three);
          count += closed && near ? 1 : 0;
        }
      }
    }
    return count;
  }

  /// Likes times replies for each tag of a message.
  ///
  /// @param orNone whether a message without likes or replies counts as if it had one
  private long perTaggedMessage(boolean orNone) {
    long count = 0;
    for (int message = 0; message < messages; message++) {
      int least = orNone ? 1 : 0;
      long likes = Math.max(least, type("LIKES").to(message).size());
      long replies = Math.max(least, type("REPLY_OF").to(message).size());
      count += type("HAS_TAG").from(message).size() * likes * replies;
    }
    return count;
  }

  /// @param notOnReply whether the reply must not have the tag of the message
  private long otherTags(boolean notOnReply) {
    long count = 0;
    for (int comment = posts; comment < messages; comment++) {
      List<Integer> own = type("HAS_TAG").from(comment);
      for (int tag : type("HAS_TAG").from(type("REPLY_OF").one(comment))) {
        if (!notOnReply || !own.contains(tag)) {
          count += own.stream().filter(other -> other != tag).count();
        }
      }
    }
    return count;
  }

  private long interestsOfFriendsOfFriends(boolean noFriends) {
    long count = 0;
    for (int one = 0; one < persons; one++) {
      for (int two : friends(one)) {
        for (int three : friends(two)) {
          if (three != one && !(noFriends && friends(one).contains(three))) {
            count += type("HAS_INTEREST").from(three).size();
          }
        }
      }
    }
    return count;
  }

  private List<String> lastMessages(int person) {
    return type("HAS_CREATOR").to(person).stream()
        .sorted(lastFirst())
        .limit(LAST_MESSAGES)
        .map(
            message -> {
              int author = creator(root(message));
              String post = root(message) + "|" + author + "|" + fields("Person", author, 1);
              return row(fields("Message", message, 0, 1, 2), post);
            })
        .toList();
  }

  private Comparator<Integer> lastFirst() {
    return Comparator.comparing(message -> -Integer.parseInt(fields("Message", message, 2)));
  }

  private List<String> friendRows(int person) {
    Map<Integer, Integer> since = friends.getOrDefault(person, Map.of());
    return since.keySet().stream()
        .sorted(
            Comparator.<Integer>comparingInt(friend -> -since.get(friend)).thenComparing(f -> f))
        .map(friend -> row(person(friend), "" + since.get(friend)))
        .toList();
  }

  private String forum(int post) {
    int forum = type("CONTAINER_OF").to(post).getFirst();
    return row(fields("Forum", forum, 0, 1), person(type("HAS_MODERATOR").one(forum)));
  }

  private List<String> replies(int message) {
    Set<Integer> known = new HashSet<>(friends(creator(message)));
    return type("REPLY_OF").to(message).stream()
        .sorted(lastFirst())
        .map(
            reply ->
                row(
                    fields("Message", reply, 0, 1, 2),
                    person(creator(reply)),
                    known.contains(creator(reply)) ? "1" : "0"))
        .toList();
  }

  private int creator(int message) {
    return type("HAS_CREATOR").one(message);
  }

  private int root(int message) {
    int at = message;
    while (at >= posts) {
      at = type("REPLY_OF").one(at);
    }
    return at;
  }

  private String home(int person) {
    return "" + type("IS_LOCATED_IN").one(person);
  }

  private int country(int person) {
    return type("IS_PART_OF").one(type("IS_LOCATED_IN").one(person));
  }

  private String person(int id) {
    return fields("Person", id, 0, 1, 2);
  }

  private String fields(String ids, int id, int... columns) {
    String[] line = nodes.getOrDefault(ids, List.of()).get(id);
    List<String> chosen = new ArrayList<>();
    for (int column : columns) {
      chosen.add(line[column]);
    }
    return String.join("|", chosen);
  }

  private static String row(String... parts) {
    return String.join("|", parts);
  }

  @Override
  public void close() {}
}
