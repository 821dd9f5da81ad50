package dev.quarry.query.plan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How records are looked up in an index, which is named by what it is over: whether there is one
/// is looked at when the plan runs (rule S9).
///
/// @param labelOrType label of the nodes, or type of the relationships
/// @param keys all keys of the index, in order
/// @param sought what is asked of the first of them, at most as many as there are
/// @param recheck the conditions that the look-up stands for, tested where it finds too much; null
///   if all of them are tested above
/// @param rows how many records are expected for a row
public record Seek(
    String labelOrType,
    List<String> keys,
    List<Sought> sought,
    @Nullable Bound recheck,
    double rows) {
  public Seek {
    keys = List.copyOf(keys);
    sought = List.copyOf(sought);
  }
}
