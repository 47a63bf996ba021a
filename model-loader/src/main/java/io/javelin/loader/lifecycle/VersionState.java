package io.javelin.loader.lifecycle;

/// Where a version is on its way from bucket to traffic and out again. Legal edges: each state to
/// its successor; every state before `READY` to `FAILED`; `FAILED` to `NEW` (retry) or `GONE`; and,
/// when the version is no longer desired before it was ready, `NEW` and `RESERVED` to `GONE`, the
/// other states before `READY` to `UNLOADING`.
public enum VersionState {
  /// Desired, nothing done yet.
  NEW,
  /// Chosen to be loaded next.
  RESERVED,
  /// Its files are on the way.
  FETCHING,
  /// Its files are on the local disk, complete.
  VERIFIED,
  /// The engine opens it.
  LOADING,
  /// It runs on made-up rows.
  WARMING,
  /// It can be leased.
  READY,
  /// It takes no new leases.
  DRAINING,
  /// The engine closes it and its files are removed.
  UNLOADING,
  /// Nothing of it is left.
  GONE,
  /// It could not be made ready.
  FAILED;

  /// Whether the edge from this state to `next` is legal.
  public boolean mayBecome(VersionState next) {
    return switch (this) {
      case NEW -> next == RESERVED || next == FAILED || next == GONE;
      case RESERVED -> next == FETCHING || next == FAILED || next == GONE;
      case FETCHING -> next == VERIFIED || next == FAILED || next == UNLOADING;
      case VERIFIED -> next == LOADING || next == FAILED || next == UNLOADING;
      case LOADING -> next == WARMING || next == FAILED || next == UNLOADING;
      case WARMING -> next == READY || next == FAILED || next == UNLOADING;
      case READY -> next == DRAINING;
      case DRAINING -> next == UNLOADING;
      case UNLOADING -> next == GONE;
      case GONE -> false;
      case FAILED -> next == NEW || next == GONE;
    };
  }

  /// Whether work is going on to make the version ready.
  public boolean isComing() {
    return switch (this) {
      case RESERVED, FETCHING, VERIFIED, LOADING, WARMING -> true;
      case NEW, READY, DRAINING, UNLOADING, GONE, FAILED -> false;
    };
  }

  /// Whether the version served and still holds its memory.
  public boolean isLeaving() {
    return this == DRAINING || this == UNLOADING;
  }
}
