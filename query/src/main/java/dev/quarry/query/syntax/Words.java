package dev.quarry.query.syntax;

import java.util.Locale;
import java.util.Set;

/// The words that have a meaning of their own.
final class Words {
  /// Words that begin a clause, or go on with one: what may follow a complete pattern or value.
  static final Set<String> CLAUSES =
      Set.of(
          "MATCH",
          "OPTIONAL",
          "WHERE",
          "WITH",
          "RETURN",
          "ORDER",
          "SKIP",
          "LIMIT",
          "UNWIND",
          "CREATE",
          "MERGE",
          "SET",
          "REMOVE",
          "DELETE",
          "DETACH",
          "CALL",
          "YIELD",
          "UNION",
          "FOREACH",
          "LOAD",
          "EXPLAIN",
          "PROFILE");

  /// Words that cannot be the name of a variable unless they are quoted.
  private static final Set<String> RESERVED =
      Set.of(
          "MATCH",
          "OPTIONAL",
          "WHERE",
          "WITH",
          "RETURN",
          "ORDER",
          "SKIP",
          "LIMIT",
          "UNWIND",
          "CREATE",
          "MERGE",
          "SET",
          "REMOVE",
          "DELETE",
          "DETACH",
          "UNION",
          "AND",
          "OR",
          "XOR",
          "NOT",
          "IN",
          "IS",
          "STARTS",
          "ENDS",
          "CONTAINS",
          "AS",
          "BY",
          "DISTINCT",
          "CASE",
          "WHEN",
          "THEN",
          "ELSE",
          "END",
          "TRUE",
          "FALSE",
          "NULL",
          "ASC",
          "ASCENDING",
          "DESC",
          "DESCENDING");

  /// Words that may follow a value inside an expression or a clause.
  static final Set<String> AFTER_VALUE =
      Set.of(
          "MATCH",
          "OPTIONAL",
          "WHERE",
          "WITH",
          "RETURN",
          "ORDER",
          "SKIP",
          "LIMIT",
          "UNWIND",
          "CREATE",
          "MERGE",
          "SET",
          "REMOVE",
          "DELETE",
          "DETACH",
          "CALL",
          "UNION",
          "AND",
          "OR",
          "XOR",
          "IN",
          "IS",
          "STARTS",
          "ENDS",
          "CONTAINS",
          "AS",
          "ASC",
          "DESC",
          "THEN",
          "ELSE",
          "END",
          "WHEN",
          "YIELD");

  private Words() {}

  static boolean isReserved(Token token) {
    return token.kind() == Token.Kind.NAME
        && RESERVED.contains(token.text().toUpperCase(Locale.ROOT));
  }
}
