package dev.quarry.bench.peers.kit;

import java.util.List;

/// The social network in an open store of a peer.
public interface SocialStore extends AutoCloseable {
  /// Answers a question in the peer's language.
  ///
  /// @param id of the person or message it is about, if it is about one
  /// @return the rows, each as its values with `|` between them
  List<String> rows(SocialQuestion question, int id) throws Exception;

  @Override
  void close() throws Exception;
}
