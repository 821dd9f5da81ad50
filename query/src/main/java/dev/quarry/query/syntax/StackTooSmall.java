package dev.quarry.query.syntax;

/// A statement is nested too deeply for an ordinary stack: it is to be parsed on a larger one.
/// Never seen by users.
public final class StackTooSmall extends RuntimeException {
  private static final long serialVersionUID = 1;

  StackTooSmall() {
    super("a larger stack is needed", null, false, false);
  }
}
