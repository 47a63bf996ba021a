package io.javelin.router;

/// Holds the routing table in force; readers take one snapshot per request.
///
/// A request reads [#current] once and keeps that table to its end, so that everything decided for
/// it comes from one generation. Any thread may read; one writer at a time swaps.
public final class LiveRouting {
  private volatile RoutingTable current;

  public LiveRouting(RoutingTable initial) {
    current = initial;
  }

  /// The table in force.
  public RoutingTable current() {
    return current;
  }

  /// Puts `table` in force for every request that starts from now on.
  public void swap(RoutingTable table) {
    current = table;
  }
}
