package dev.quarry.graph.transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.quarry.error.ErrorCode;
import dev.quarry.error.GraphException;
import dev.quarry.error.TransactionException;
import dev.quarry.graph.LoadPlan;
import dev.quarry.graph.Node;
import dev.quarry.graph.Progress;
import dev.quarry.graph.Relationship;
import dev.quarry.graph.catalog.ConstraintKind;
import dev.quarry.graph.catalog.PropertyType;
import dev.quarry.graph.check.GraphCheck;
import dev.quarry.graph.load.Loader;
import dev.quarry.graph.value.Tag;
import dev.quarry.storage.StoreOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/// Constraints hold at the end of every statement and of every transaction.
class ConstraintTest {
  private static final SchemaTarget EMAIL = SchemaTarget.nodes("Person", "email");
  private static final SchemaTarget SINCE = SchemaTarget.relationships("KNOWS", "since");

  @TempDir Path folder = Path.of("");
  private final GraphStore store = GraphStore.inMemory(StoreOptions.defaults());

  @AfterEach
  void close() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(List.of(), GraphCheck.run(snapshot, Progress.NONE).problems());
    }
    store.close();
    assertEquals(0, store.store().budget().used());
  }

  private void write(Consumer<GraphTransaction> work) {
    try (GraphTransaction tx = store.beginWrite()) {
      work.accept(tx);
      tx.commit();
    }
  }

  private void constrain(SchemaTarget target, ConstraintKind kind) {
    write(tx -> assertTrue(tx.createConstraint("c", target, kind, List.of(), false)));
  }

  private void constrainType(PropertyType... types) {
    write(tx -> tx.createConstraint("c", EMAIL, ConstraintKind.TYPE, List.of(types), false));
  }

  private static Node person(GraphTransaction tx, Object email) {
    return tx.createNode(Set.of("Person"), Map.of("email", email));
  }

  private void refused(ErrorCode code, Consumer<GraphTransaction> work) {
    String message = violation(code, () -> write(work)).getMessage();
    assertTrue(message.contains("`c`"), message);
  }

  private static GraphException violation(ErrorCode code, Executable work) {
    GraphException error = assertThrows(GraphException.class, work);
    assertEquals(code, error.code(), error.getMessage());
    return error;
  }

  private long count() {
    try (GraphSnapshot snapshot = store.beginRead()) {
      return snapshot.counts().nodes(snapshot.catalog().label("Person"));
    }
  }

  @Test
  void longWorkOnTheSchemaIsEndedByItsCheck() {
    write(tx -> tx.createIndex("before", EMAIL, false));
    write(tx -> person(tx, 1L));
    Runnable check =
        () -> {
          throw new IllegalStateException("enough");
        };
    for (ConstraintKind kind : List.of(ConstraintKind.EXISTS, ConstraintKind.KEY)) {
      SchemaTarget target = SchemaTarget.nodes("Person", "email", "name");
      try (GraphTransaction tx = store.beginWrite()) {
        tx.checkBy(check);
        assertThrows(
            IllegalStateException.class,
            () -> tx.createConstraint("c", target, kind, List.of(), false));
        assertThrows(TransactionException.class, tx::commit);
      }
    }
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals(1, snapshot.catalog().indexes().size());
      assertEquals(List.of(), snapshot.catalog().constraints());
    }
  }

  /// What changes the catalog only is a commit, too.
  @Test
  void aConstraintWithoutAnIndexIsCommittedAlone() {
    write(tx -> person(tx, 1L));
    constrain(EMAIL, ConstraintKind.EXISTS);
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION, tx -> tx.createNode(Set.of("Person"), Map.of()));
    write(tx -> assertTrue(tx.dropConstraint("c", false)));
    write(tx -> tx.createNode(Set.of("Person"), Map.of()));
    assertEquals(2, count());
  }

  @Test
  void twoNodesCannotShareAUniqueValueAndNothingIsCommitted() {
    constrain(EMAIL, ConstraintKind.UNIQUE);
    write(tx -> person(tx, 1L));
    GraphException error =
        violation(
            ErrorCode.UNIQUENESS_VIOLATION,
            () ->
                write(
                    tx -> {
                      person(tx, 2L);
                      person(tx, 1.0);
                    }));
    assertEquals(
        "nodes with label `Person` must be unique by `email`, but nodes n0.0.0 and n0.2.0 both have"
            + " 1.0 (constraint `c`)",
        error.getMessage());
    assertEquals(1, count());
    write(tx -> person(tx, 2L));
  }

  @Test
  void missingValuesAndNaNAreFreeOfUniqueness() {
    constrain(EMAIL, ConstraintKind.UNIQUE);
    write(
        tx -> {
          tx.createNode(Set.of("Person"), Map.of());
          tx.createNode(Set.of("Person"), Map.of());
          person(tx, Double.NaN);
          person(tx, Double.NaN);
          tx.createNode(Set.of("Other"), Map.of("email", 1));
          person(tx, 1);
        });
    assertEquals(5, count());
  }

  @Test
  void twoUniqueValuesCanBeSwappedInOneStatement() {
    constrain(EMAIL, ConstraintKind.UNIQUE);
    List<Node> nodes = new ArrayList<>();
    write(
        tx -> {
          nodes.add(person(tx, "a"));
          nodes.add(person(tx, "b"));
        });
    write(
        tx -> {
          tx.setProperty(nodes.get(0), "email", "b");
          tx.setProperty(nodes.get(1), "email", "a");
          tx.endStatement();
        });
    GraphTransaction tx = store.beginWrite();
    tx.setProperty(nodes.get(0), "email", "a");
    violation(ErrorCode.UNIQUENESS_VIOLATION, tx::endStatement);
    tx.rollback();
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertEquals("b", snapshot.property(nodes.get(0), "email"));
    }
  }

  @Test
  void aValueIsFreeOnceItsNodeIsGone() {
    constrain(EMAIL, ConstraintKind.UNIQUE);
    write(tx -> person(tx, "a"));
    write(
        tx -> {
          person(tx, "a");
          tx.delete(tx.findNode("Person", "email", "a").orElseThrow());
        });
    write(
        tx -> {
          tx.removeLabel(tx.findNode("Person", "email", "a").orElseThrow(), "Person");
          person(tx, "a");
        });
    refused(
        ErrorCode.UNIQUENESS_VIOLATION,
        tx -> {
          Node other = tx.createNode(Set.of("Other"), Map.of("email", "a"));
          tx.endStatement();
          tx.addLabel(other, "Person");
        });
  }

  @Test
  void severalPropertiesAreUniqueTogether() {
    constrain(SchemaTarget.nodes("Person", "first", "last"), ConstraintKind.UNIQUE);
    write(tx -> tx.createNode(Set.of("Person"), Map.of("first", "Ada", "last", "L")));
    write(tx -> tx.createNode(Set.of("Person"), Map.of("first", "Ada", "last", "M")));
    write(tx -> tx.createNode(Set.of("Person"), Map.of("first", "Ada")));
    write(tx -> tx.createNode(Set.of("Person"), Map.of("first", "Ada")));
    refused(
        ErrorCode.UNIQUENESS_VIOLATION,
        tx -> tx.createNode(Set.of("Person"), Map.of("first", "Ada", "last", "L")));
  }

  @Test
  void aPropertyThatMustExistMayBeSetLaterInTheStatement() {
    constrain(EMAIL, ConstraintKind.EXISTS);
    write(
        tx -> {
          Node node = tx.createNode(Set.of("Person"), Map.of());
          tx.setProperty(node, "email", "a");
          tx.endStatement();
        });
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION, tx -> tx.createNode(Set.of("Person"), Map.of()));
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        tx -> tx.setProperty(tx.findNode("Person", "email", "a").orElseThrow(), "email", null));
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        tx -> tx.addLabel(tx.createNode(Set.of(), Map.of("x", 1)), "Person"));
    write(tx -> tx.delete(tx.createNode(Set.of("Person"), Map.of())));
    assertEquals(1, count());
  }

  @Test
  void aTypeIsDemandedOfValuesThatAreThere() {
    constrainType(PropertyType.of(Tag.INTEGER), PropertyType.listOf(Tag.STRING));
    write(
        tx -> {
          tx.createNode(Set.of("Person"), Map.of());
          person(tx, 1);
          person(tx, List.of("a"));
          person(tx, List.of());
        });
    refused(ErrorCode.PROPERTY_TYPE_VIOLATION, tx -> person(tx, "a"));
    refused(ErrorCode.PROPERTY_TYPE_VIOLATION, tx -> person(tx, 1.0));
    GraphException error =
        violation(ErrorCode.PROPERTY_TYPE_VIOLATION, () -> write(tx -> person(tx, List.of(1L))));
    assertTrue(
        error.getMessage().contains("must be of type INTEGER | LIST<STRING NOT NULL>"),
        error.getMessage());
  }

  @Test
  void aKeyIsThereAndUnique() {
    constrain(EMAIL, ConstraintKind.KEY);
    write(tx -> person(tx, "a"));
    refused(ErrorCode.UNIQUENESS_VIOLATION, tx -> person(tx, "a"));
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION, tx -> tx.createNode(Set.of("Person"), Map.of()));
  }

  @Test
  void relationshipsHaveConstraintsToo() {
    constrain(SINCE, ConstraintKind.KEY);
    List<Node> nodes = new ArrayList<>();
    write(
        tx -> {
          nodes.add(tx.createNode(Set.of(), Map.of()));
          tx.createRelationship(nodes.get(0), "KNOWS", nodes.get(0), Map.of("since", 1999));
        });
    Node node = nodes.get(0);
    refused(
        ErrorCode.UNIQUENESS_VIOLATION,
        tx -> tx.createRelationship(node, "KNOWS", node, Map.of("since", 1999)));
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        tx -> tx.createRelationship(node, "KNOWS", node, Map.of()));
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        tx -> tx.createRelationship(node, "KNOWS", node, Map.of("x", 1)));
    write(
        tx -> {
          Relationship bare = tx.createRelationship(node, "KNOWS", node, Map.of());
          tx.setProperty(bare, "since", 2000);
          tx.createRelationship(node, "LIKES", node, Map.of());
        });
  }

  @Test
  void dataThatViolatesAConstraintKeepsItFromBeingMade() {
    List<Node> nodes = new ArrayList<>();
    write(
        tx -> {
          nodes.add(person(tx, "a"));
          nodes.add(person(tx, "a"));
          nodes.add(tx.createNode(Set.of("Person"), Map.of()));
          tx.createRelationship(nodes.get(0), "KNOWS", nodes.get(1), Map.of());
        });
    GraphException unique =
        violation(ErrorCode.UNIQUENESS_VIOLATION, () -> constrain(EMAIL, ConstraintKind.UNIQUE));
    assertTrue(unique.getMessage().contains(nodes.get(0).elementId()), unique.getMessage());
    assertTrue(unique.getMessage().contains(nodes.get(1).elementId()), unique.getMessage());
    GraphException missing =
        violation(
            ErrorCode.PROPERTY_EXISTENCE_VIOLATION, () -> constrain(EMAIL, ConstraintKind.EXISTS));
    assertTrue(missing.getMessage().contains(nodes.get(2).elementId()), missing.getMessage());
    violation(ErrorCode.PROPERTY_TYPE_VIOLATION, () -> constrainType(PropertyType.of(Tag.INTEGER)));
    GraphException bare =
        violation(
            ErrorCode.PROPERTY_EXISTENCE_VIOLATION, () -> constrain(SINCE, ConstraintKind.EXISTS));
    assertTrue(bare.getMessage().contains("relationship e0."), bare.getMessage());
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertTrue(snapshot.catalog().constraints().isEmpty());
      assertTrue(snapshot.catalog().indexes().isEmpty());
    }
  }

  @Test
  void aConstraintThatFailedDoomsItsTransaction() {
    write(tx -> tx.createNode(Set.of("Person"), Map.of()));
    GraphTransaction tx = store.beginWrite();
    violation(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        () -> tx.createConstraint("c", EMAIL, ConstraintKind.EXISTS, List.of(), false));
    assertThrows(TransactionException.class, tx::commit);
    tx.rollback();
  }

  @Test
  void manyTouchedRecordsAreLookedAtThroughTheWholeConstraint() {
    constrain(EMAIL, ConstraintKind.KEY);
    write(
        tx -> {
          for (int i = 0; i < Touched.MOST + 10; i++) {
            person(tx, i);
          }
        });
    refused(
        ErrorCode.UNIQUENESS_VIOLATION,
        tx -> {
          for (int i = 0; i < Touched.MOST + 10; i++) {
            person(tx, -i - 1);
          }
          person(tx, 7);
        });
    refused(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        tx -> {
          for (int i = 0; i < Touched.MOST + 10; i++) {
            person(tx, -i - 1);
          }
          tx.createNode(Set.of("Person"), Map.of());
        });
  }

  @Test
  void namesAreUniqueAmongIndexesAndConstraints() {
    write(
        tx -> {
          assertTrue(tx.createIndex(null, EMAIL, false));
          assertTrue(tx.createIndex(null, SchemaTarget.nodes("Person", "a", "b"), false));
          assertTrue(
              tx.createConstraint(
                  null, SchemaTarget.nodes("Person", "k"), ConstraintKind.KEY, List.of(), false));
          assertEquals(
              List.of("index_1", "index_2", "constraint_1"),
              tx.catalog().indexes().stream().map(index -> index.name()).toList());
          SchemaTarget other = SchemaTarget.nodes("Other", "x");
          violation(ErrorCode.SCHEMA_NAME_TAKEN, () -> tx.createIndex("index_1", other, false));
          violation(
              ErrorCode.SCHEMA_NAME_TAKEN, () -> tx.createIndex("constraint_1", other, false));
          assertFalse(tx.createIndex("constraint_1", other, true));
          violation(ErrorCode.SCHEMA_EXISTS, () -> tx.createIndex("new", EMAIL, false));
          assertFalse(tx.createIndex("new", EMAIL, true));
          violation(
              ErrorCode.SCHEMA_EXISTS,
              () -> tx.createConstraint("u", EMAIL, ConstraintKind.UNIQUE, List.of(), true));
          violation(ErrorCode.SCHEMA_IN_USE, () -> tx.dropIndex("constraint_1", false));
          violation(ErrorCode.SCHEMA_NOT_FOUND, () -> tx.dropIndex("nobody", false));
          violation(ErrorCode.SCHEMA_NOT_FOUND, () -> tx.dropConstraint("index_1", false));
          assertFalse(tx.dropConstraint("index_1", true));
          assertTrue(tx.dropConstraint("constraint_1", false));
          assertTrue(tx.dropIndex("index_1", true));
          assertTrue(tx.createIndex(null, EMAIL, false));
          assertEquals(
              List.of("index_2", "index_1"),
              tx.catalog().indexes().stream().map(index -> index.name()).toList());
        });
  }

  @Test
  void definitionsThatMakeNoSenseAreRefused() {
    write(
        tx -> {
          violation(
              ErrorCode.INVALID_VALUE,
              () -> tx.createIndex(null, SchemaTarget.nodes("Person"), false));
          violation(
              ErrorCode.INVALID_VALUE,
              () -> tx.createIndex(null, SchemaTarget.nodes("Person", "a", "a"), false));
          violation(ErrorCode.INVALID_VALUE, () -> tx.createIndex("", EMAIL, false));
          violation(
              ErrorCode.INVALID_VALUE,
              () -> tx.createConstraint(null, EMAIL, ConstraintKind.TYPE, List.of(), false));
        });
  }

  @Test
  void aDroppedConstraintBindsNobody() {
    constrain(EMAIL, ConstraintKind.UNIQUE);
    write(
        tx -> {
          person(tx, 1);
          person(tx, 1);
          tx.dropConstraint("c", false);
        });
    assertEquals(2, count());
  }

  @Test
  void aLoadThatViolatesAConstraintLoadsNothing() throws IOException {
    constrain(EMAIL, ConstraintKind.UNIQUE);
    Path good = Files.writeString(folder.resolve("good.csv"), "email,:LABEL\na,Person\nb,Person\n");
    Path bad = Files.writeString(folder.resolve("bad.csv"), "email,:LABEL\nc,Person\na,Person\n");
    new Loader(store).load(new LoadPlan().nodes("Person", good), Progress.NONE);
    assertEquals(2, count());
    violation(
        ErrorCode.UNIQUENESS_VIOLATION,
        () -> new Loader(store).load(new LoadPlan().nodes("Person", bad).append(), Progress.NONE));
    assertEquals(2, count());
    try (GraphSnapshot snapshot = store.beginRead()) {
      assertTrue(snapshot.findNode("Person", "email", "b").isPresent());
    }
    write(tx -> tx.dropConstraint("c", false));
    constrain(SchemaTarget.relationships("E", "w"), ConstraintKind.EXISTS);
    Path edges = Files.writeString(folder.resolve("edges.txt"), "1 2\n2 3\n");
    violation(
        ErrorCode.PROPERTY_EXISTENCE_VIOLATION,
        () ->
            new Loader(store).load(new LoadPlan().edges("E", "V", edges).append(), Progress.NONE));
  }
}
