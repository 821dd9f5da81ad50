package dev.quarry.storage.torture;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The states that a store may be in: those that were committed, in order, and those of commits
/// that were tried.
///
/// A commit that failed is *doubtful* until a later one is acknowledged: nobody knows whether a
/// crash brings it to light, and both is right. A later commit builds on a state without it, so
/// from then on it must not appear.
public final class History {
  /// A state: a digest of all that a store holds, and the model that it was taken from.
  public record State(long digest, Object model) {}

  private final List<State> committed = new ArrayList<>();
  private final Deque<State> tried = new ArrayDeque<>();
  private final List<State> doubtful = new ArrayList<>();

  /// The store exists, and is empty.
  public void created(State empty) {
    if (committed.isEmpty()) {
      committed.add(empty);
    }
  }

  /// A commit that makes this state is about to be tried.
  public void tries(State state) {
    tried.add(state);
  }

  /// The oldest commit that is tried has succeeded.
  public void acknowledged() {
    committed.add(tried.remove());
    doubtful.clear();
  }

  /// All commits that are tried have failed.
  public void failed() {
    doubtful.addAll(tried);
    tried.clear();
  }

  /// How many commits were acknowledged; -1 if not even the creation of the store was.
  public int acknowledgedCount() {
    return committed.size() - 1;
  }

  /// The state that a store is in, if it is one of those allowed.
  ///
  /// @param least how many commits must be in it at least
  public @Nullable State find(long digest, int least) {
    for (int i = committed.size() - 1; i >= Math.max(least, 0); i--) {
      if (committed.get(i).digest == digest) {
        return committed.get(i);
      }
    }
    for (State state : doubtful) {
      if (state.digest == digest) {
        return state;
      }
    }
    return null;
  }

  /// A store that was opened again holds this: if it is a doubtful state, then it is committed now.
  ///
  /// @throws Violation if it must not be in that state
  public State reopened(long digest) {
    State state = find(digest, acknowledgedCount());
    if (state == null) {
      throw new Violation("opened again in a state that is not allowed: " + describe(digest));
    }
    if (doubtful.contains(state)) {
      committed.add(state);
    }
    doubtful.clear();
    return state;
  }

  /// Where a digest stands, for messages.
  public String describe(long digest) {
    for (int i = 0; i < committed.size(); i++) {
      if (committed.get(i).digest == digest) {
        return "commit " + i;
      }
    }
    return "no committed state";
  }
}
