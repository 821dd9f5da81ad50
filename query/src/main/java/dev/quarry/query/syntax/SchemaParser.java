package dev.quarry.query.syntax;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.Span;
import dev.quarry.error.SyntaxException;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.transaction.SchemaTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Parses statements that make or drop indexes and constraints, up to their last word.
final class SchemaParser {
  /// Kinds of indexes that other engines have.
  private static final Set<String> OTHER_KINDS =
      Set.of("TEXT", "POINT", "FULLTEXT", "VECTOR", "LOOKUP", "BTREE");

  private final TokenStream tokens;

  /// What stands behind FOR.
  ///
  /// @param variable that properties are named with
  private record Element(String variable, boolean ofRelationships, String labelOrType) {
    SchemaTarget target(List<String> keys) {
      return new SchemaTarget(ofRelationships, labelOrType, keys);
    }
  }

  SchemaParser(TokenStream tokens) {
    this.tokens = tokens;
  }

  /// The statement; null if the words that come next begin another one.
  @Nullable SchemaStatement statement() {
    Token first = tokens.peek();
    if (tokens.acceptWord("DROP")) {
      return drop(first);
    }
    if (first.isWord("CREATE") && tokens.peek(1).isName() && !tokens.peek(2).is("=")) {
      tokens.next();
      return create(first);
    }
    return null;
  }

  private SchemaStatement drop(Token first) {
    boolean index = tokens.acceptWord("INDEX");
    if (!index && !tokens.acceptWord("CONSTRAINT")) {
      throw tokens.unexpected("INDEX or CONSTRAINT after DROP", Set.of("INDEX", "CONSTRAINT"));
    }
    if (tokens.isAtWord("ON")) {
      throw tokens.error(
          (index ? "an index" : "a constraint") + " is dropped by its name",
          tokens.peek().span(),
          "SHOW " + (index ? "INDEXES" : "CONSTRAINTS") + " lists the names");
    }
    String name = tokens.name("the name of " + (index ? "an index" : "a constraint"));
    boolean ifExists = tokens.acceptWord("IF");
    if (ifExists) {
      tokens.expectWord("EXISTS");
    }
    Span span = tokens.from(first);
    return index
        ? new SchemaStatement.DropIndex(span, name, ifExists)
        : new SchemaStatement.DropConstraint(span, name, ifExists);
  }

  private SchemaStatement create(Token first) {
    Token kind = tokens.peek();
    if (tokens.isAtWords("OR", "REPLACE")) {
      throw notSupported("CREATE OR REPLACE", kind.span(), "drop it, and create it anew");
    }
    if (isOtherKind(kind) && tokens.peek(1).isWord("INDEX")) {
      throw notSupported(
          "a " + kind.text().toUpperCase(Locale.ROOT) + " index",
          kind.span(),
          "CREATE INDEX makes a range index, which serves =, IN, <, > and STARTS WITH");
    }
    boolean range = tokens.acceptWord("RANGE");
    if (tokens.acceptWord("INDEX")) {
      return createIndex(first);
    }
    if (!range && tokens.acceptWord("CONSTRAINT")) {
      return createConstraint(first);
    }
    throw range
        ? tokens.unexpected("INDEX after RANGE", Set.of("INDEX"))
        : tokens.unexpected(
            "INDEX, CONSTRAINT or a pattern in parentheses after CREATE",
            Set.of("INDEX", "CONSTRAINT", "RANGE"));
  }

  private static boolean isOtherKind(Token token) {
    return token.kind() == Token.Kind.NAME
        && OTHER_KINDS.contains(token.text().toUpperCase(Locale.ROOT));
  }

  private SchemaStatement createIndex(Token first) {
    String name = name();
    boolean ifNotExists = ifNotExists();
    Element element = element("ON (n.key)");
    tokens.expectWord("ON");
    tokens.expect("(", "before the properties of the index");
    List<String> keys = keys(element);
    refuseOptions();
    return new SchemaStatement.CreateIndex(
        tokens.from(first), name, element.target(keys), ifNotExists);
  }

  private SchemaStatement createConstraint(Token first) {
    String name = name();
    boolean ifNotExists = ifNotExists();
    Element element = element("REQUIRE n.key IS UNIQUE");
    if (tokens.isAtWord("ASSERT")) {
      throw tokens.error("expected REQUIRE, found `ASSERT`", tokens.peek().span(), "say REQUIRE");
    }
    tokens.expectWord("REQUIRE");
    Token properties = tokens.peek();
    List<String> keys = tokens.accept("(") ? keys(element) : List.of(key(element));
    Span of = tokens.from(properties);
    tokens.expectWord("IS");
    List<PropertyType> types = new ArrayList<>();
    ConstraintKind kind = demand(element, types);
    if (kind == ConstraintKind.TYPE && keys.size() > 1) {
      throw tokens.error(
          "a type is demanded of one property, not of " + keys.size(),
          of,
          "make a constraint for each");
    }
    refuseOptions();
    return new SchemaStatement.CreateConstraint(
        tokens.from(first), name, element.target(keys), kind, types, ifNotExists);
  }

  private @Nullable String name() {
    boolean none =
        tokens.isAtWord("FOR") && tokens.peek(1).is("(")
            || tokens.isAtWords("IF", "NOT")
            || tokens.isAtWord("ON");
    return none ? null : tokens.name("a name, IF NOT EXISTS or FOR");
  }

  private boolean ifNotExists() {
    boolean found = tokens.acceptWord("IF");
    if (found) {
      tokens.expectWord("NOT");
      tokens.expectWord("EXISTS");
    }
    return found;
  }

  private void refuseOptions() {
    if (tokens.isAtWord("OPTIONS")) {
      throw notSupported(
          "OPTIONS", tokens.peek().span(), "there is nothing to choose; leave it out");
    }
  }

  /// `FOR (n:Label)` or `FOR ()-[r:TYPE]-()`
  private Element element(String rest) {
    if (tokens.isAtWord("ON")) {
      throw tokens.error(
          "expected FOR, found `ON`", tokens.peek().span(), "write FOR (n:Label) " + rest);
    }
    tokens.expectWord("FOR");
    tokens.expect("(", "and a node or a relationship after FOR");
    if (tokens.accept(")")) {
      return relationship();
    }
    String variable = tokens.name("a variable for the node");
    tokens.expect(":", "and a label");
    String label = tokens.name("a label");
    tokens.expect(")", "after the label, of which there is one");
    return new Element(variable, false, label);
  }

  private Element relationship() {
    tokens.accept("<");
    tokens.expect("-", "to begin a relationship");
    tokens.expect("[", "to begin a relationship");
    String variable = tokens.name("a variable for the relationship");
    tokens.expect(":", "and a relationship type");
    String type = tokens.name("a relationship type");
    tokens.expect("]", "after the relationship type, of which there is one");
    tokens.expect("-", "to end the relationship");
    tokens.accept(">");
    tokens.expect("(", "and `)`: nothing is said of the node at the other end");
    tokens.expect(")", "as nothing is said of the node at the other end");
    return new Element(variable, true, type);
  }

  /// Properties up to the parenthesis that ends them.
  private List<String> keys(Element element) {
    List<String> keys = new ArrayList<>();
    do {
      Token first = tokens.peek();
      String key = key(element);
      if (keys.contains(key)) {
        throw tokens.error(
            "the property `" + key + "` stands there twice", tokens.from(first), "name it once");
      }
      keys.add(key);
    } while (tokens.accept(","));
    tokens.expect(")", "after the properties");
    return keys;
  }

  private String key(Element element) {
    Token variable = tokens.peek();
    String name = tokens.name("a property such as `" + element.variable() + ".key`");
    if (!name.equals(element.variable())) {
      throw new SyntaxException(
          ErrorCode.UNDEFINED_VARIABLE,
          "variable `" + name + "` is not defined",
          variable.span(),
          "the properties are those of `" + element.variable() + "`");
    }
    tokens.expect(".", "and the name of a property");
    return tokens.name("the name of a property");
  }

  /// What stands behind IS.
  private ConstraintKind demand(Element element, List<PropertyType> types) {
    if (tokens.acceptWord("NOT")) {
      tokens.expectWord("NULL");
      return ConstraintKind.EXISTS;
    }
    boolean typed = tokens.acceptWord("TYPED");
    if (!typed && tokens.accept(":")) {
      tokens.expect(":", "and a type");
      typed = true;
    }
    if (typed) {
      do {
        types.add(type());
      } while (tokens.accept("|"));
      return ConstraintKind.TYPE;
    }
    acceptSubject(element);
    if (tokens.acceptWord("UNIQUE")) {
      return ConstraintKind.UNIQUE;
    }
    if (tokens.acceptWord("KEY")) {
      return ConstraintKind.KEY;
    }
    throw tokens.unexpected(
        "UNIQUE, NOT NULL, KEY or `::` and a type after IS",
        Set.of("UNIQUE", "NOT", "KEY", "NODE", "RELATIONSHIP", "TYPED"));
  }

  /// NODE or RELATIONSHIP, which may be left out.
  private void acceptSubject(Element element) {
    Token word = tokens.peek();
    boolean node = word.isWord("NODE");
    if (!node && !word.isWord("RELATIONSHIP") && !word.isWord("REL")) {
      return;
    }
    tokens.next();
    if (node == element.ofRelationships()) {
      throw tokens.error(
          "the constraint is about " + (node ? "relationships" : "nodes"),
          word.span(),
          "say " + (node ? "RELATIONSHIP" : "NODE") + ", or leave the word out");
    }
  }

  private PropertyType type() {
    PropertyType type = SchemaTypes.type(tokens);
    if (type == null) {
      throw tokens.unexpected("a type such as STRING or LIST<INTEGER NOT NULL>", SchemaTypes.WORDS);
    }
    return type;
  }

  private static SyntaxException notSupported(String construct, Span span, String hint) {
    return new SyntaxException(
        ErrorCode.NOT_SUPPORTED, construct + " is not supported in this release", span, hint);
  }
}
