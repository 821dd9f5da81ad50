package dev.quarry;

import dev.quarry.graph.transaction.GraphSnapshot;
import dev.quarry.storage.lease.ReadLease;
import dev.quarry.storage.lease.ReadLeases;
import java.util.Map;

/// A read transaction that lasts no longer than its lease. Every use of it, and of what it hands
/// out, is a call of that; the snapshot behind it is nobody else's, before and after.
final class LeasedReader extends LeasedTransaction<ReadLease> {
  LeasedReader(Engine engine, GraphSnapshot snapshot, Lease time, ReadLeases leases) {
    super(engine, snapshot, ending -> leases.newLease(time.time(), snapshot.pages().pin(), ending));
    snapshot.handOut();
    snapshot.usedBy(lease);
    leases.began(lease);
  }

  @Override
  public Rows query(String cypher, Map<String, ?> parameters) {
    return lease.in(() -> super.query(cypher, parameters));
  }

  @Override
  public Rows query(PreparedQuery query, Map<String, ?> parameters, QueryOptions options) {
    return lease.in(
        () -> {
          RowsOfRun rows = runReading(query, parameters, options);
          rows.lease(lease);
          return rows;
        });
  }

  @Override
  void takeBack() {
    super.close();
  }

  /// Does nothing where the lease has ended it.
  @Override
  public void close() {
    if (lease.mayEnter()) {
      try {
        takeBack();
        lease.closed();
      } finally {
        lease.exit();
      }
    }
  }
}
