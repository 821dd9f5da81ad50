package dev.quarry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One update of the stream of LDBC SNB: its parameters, and what it must create.
///
/// @param kind 1 to 8
/// @param parameters as its text names them
/// @param created how many nodes by label, and relationships by type
record LdbcUpdate(int kind, Map<String, Object> parameters, Map<String, Long> created) {
  private static final String[] FIELDS = {
    "",
    "personId:i personFirstName personLastName gender birthday:i creationDate:i locationIP"
        + " browserUsed cityId:i languages:l emails:l tagIds:ids studyAt:pairs workAt:pairs",
    "personId:i postId:i creationDate:i",
    "personId:i commentId:i creationDate:i",
    "forumId:i forumTitle creationDate:i moderatorPersonId:i tagIds:ids",
    "forumId:i personId:i joinDate:i",
    "postId:i imageFile creationDate:i locationIP browserUsed language content length:i"
        + " authorPersonId:i forumId:i countryId:i tagIds:ids",
    "commentId:i creationDate:i locationIP browserUsed content length:i authorPersonId:i"
        + " countryId:i replyToPostId:i replyToCommentId:i tagIds:ids",
    "person1Id:i person2Id:i creationDate:i",
  };

  static LdbcUpdate of(String[] line) {
    int kind = Integer.parseInt(line[2]);
    Map<String, Object> parameters = new HashMap<>();
    String[] fields = FIELDS[kind].split(" ");
    for (int i = 0; i < fields.length; i++) {
      String[] field = fields[i].split(":");
      String text = line[i + 3];
      parameters.put(field[0], field.length == 1 ? text : value(text, field[1]));
    }
    return new LdbcUpdate(kind, parameters, created(kind, parameters));
  }

  private static Object value(String text, String form) {
    if (form.equals("i")) {
      return Long.parseLong(text);
    }
    List<Object> list = new ArrayList<>();
    for (String element : text.split(";")) {
      if (!element.isEmpty()) {
        list.add(
            switch (form) {
              case "ids" -> Long.parseLong(element);
              case "pairs" -> {
                String[] pair = element.split(",");
                yield List.of(Long.parseLong(pair[0]), Long.parseLong(pair[1]));
              }
              default -> element;
            });
      }
    }
    return list;
  }

  private static Map<String, Long> created(int kind, Map<String, Object> parameters) {
    Map<String, Long> created = new HashMap<>();
    String[] what =
        switch (kind) {
          case 1 -> new String[] {"Person", "IS_LOCATED_IN"};
          case 2, 3 -> new String[] {"LIKES"};
          case 4 -> new String[] {"Forum", "HAS_MODERATOR"};
          case 5 -> new String[] {"HAS_MEMBER"};
          case 6 ->
              new String[] {"Post", "Message", "HAS_CREATOR", "CONTAINER_OF", "IS_LOCATED_IN"};
          case 7 -> new String[] {"Comment", "Message", "HAS_CREATOR", "REPLY_OF", "IS_LOCATED_IN"};
          default -> new String[] {"KNOWS"};
        };
    for (String one : what) {
      created.put(one, 1L);
    }
    long tags = size(parameters, "tagIds");
    created.put(kind == 1 ? "HAS_INTEREST" : "HAS_TAG", tags);
    // In the text of update 1 each UNWIND goes on with the rows of the one before.
    long studies = tags == 0 ? 0 : size(parameters, "studyAt");
    created.put("STUDY_AT", studies);
    created.put("WORKS_AT", studies == 0 ? 0 : size(parameters, "workAt"));
    return created;
  }

  private static long size(Map<String, Object> parameters, String name) {
    return parameters.get(name) instanceof List<?> list ? list.size() : 0;
  }
}
