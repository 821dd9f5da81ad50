package dev.quarry.query.execute;

/// Ends a shared run whose answer would depend on who took which rows; nobody sees it, as one
/// thread does the work then.
final class OrderMatters extends RuntimeException {
  private static final long serialVersionUID = 1L;

  OrderMatters() {
    super(null, null, false, false);
  }
}
