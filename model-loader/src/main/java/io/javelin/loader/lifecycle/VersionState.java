package io.javelin.loader.lifecycle;

/// Where a version is on its way from bucket to traffic and out again. Legal edges: each state to
/// its successor; every state before `READY` to `FAILED`; `FAILED` to `NEW` (retry) or `GONE`.
public enum VersionState {
  NEW,
  RESERVED,
  FETCHING,
  VERIFIED,
  LOADING,
  WARMING,
  READY,
  DRAINING,
  UNLOADING,
  GONE,
  FAILED
}
