package dev.quarry.bench.micro;

import dev.quarry.Answer;
import dev.quarry.PreparedQuery;
import dev.quarry.Quarry;
import dev.quarry.QueryOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/// What small statements cost: parsing alone, and a whole run on a graph of 1,000 people in a ring.
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StatementBenchmark {
  private static final String TEXT =
      "MATCH (a:Person {number: $n})-[:KNOWS]->(b) RETURN b.number AS number ORDER BY number LIMIT 3";

  private Quarry db = Quarry.inMemory();
  private PreparedQuery prepared = PreparedQuery.of(TEXT);

  @Setup(Level.Trial)
  public void create() {
    db.run("UNWIND range(0, 999) AS i CREATE (:Person {number: i})");
    db.run(
        "MATCH (a:Person) MATCH (b:Person) WHERE b.number = (a.number + 1) % 1000"
            + " CREATE (a)-[:KNOWS]->(b)");
    prepared = db.prepare(TEXT);
  }

  @TearDown(Level.Trial)
  public void close() {
    db.close();
  }

  @Benchmark
  public PreparedQuery parse() {
    return PreparedQuery.of(TEXT);
  }

  @Benchmark
  public Answer returnOne() {
    return db.run("RETURN 1");
  }

  @Benchmark
  public Answer neighboursOfOneOfAThousand() {
    return db.run(prepared, Map.of("n", 500), QueryOptions.DEFAULT);
  }
}
