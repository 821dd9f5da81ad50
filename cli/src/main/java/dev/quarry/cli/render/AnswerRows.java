package dev.quarry.cli.render;

import dev.quarry.Answer;
import dev.quarry.Row;
import dev.quarry.Rows;
import dev.quarry.Summary;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The owned rows of an answer, for renderers that take rows one at a time.
public final class AnswerRows implements Rows {
  private final Answer answer;
  private int at = -1;

  public AnswerRows(Answer answer) {
    this.answer = answer;
  }

  @Override
  public boolean next() {
    at = Math.min(at + 1, answer.rows().size());
    return at < answer.rows().size();
  }

  private Row row() {
    return answer.rows().get(at);
  }

  @Override
  public List<String> columns() {
    return answer.columns();
  }

  @Override
  public Summary summary() {
    return answer.summary();
  }

  @Override
  public long getLong(int column) {
    return (Long) java.util.Objects.requireNonNull(row().get(column));
  }

  @Override
  public double getDouble(int column) {
    return ((Number) java.util.Objects.requireNonNull(row().get(column))).doubleValue();
  }

  @Override
  public boolean isNull(int column) {
    return row().get(column) == null;
  }

  @Override
  public @Nullable String getString(String column) {
    return (String) row().get(column);
  }

  @Override
  public @Nullable Object get(String column) {
    return row().get(column);
  }

  @Override
  public @Nullable Object get(int column) {
    return row().get(column);
  }

  @Override
  public Row copy() {
    return row();
  }

  @Override
  public List<Row> toList() {
    List<Row> rest =
        answer.rows().subList(Math.min(at + 1, answer.rows().size()), answer.rows().size());
    at = answer.rows().size();
    return rest;
  }

  @Override
  public Stream<Row> stream() {
    return toList().stream();
  }

  @Override
  public void cancel() {}

  @Override
  public void close() {}
}
