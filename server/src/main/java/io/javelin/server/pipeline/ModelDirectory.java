package io.javelin.server.pipeline;

import io.javelin.loader.lifecycle.VersionStatus;
import java.util.List;

/// What is configured and how far loading it has come, ready or not. Thread-safe; used to explain
/// refusals and for readiness, never on the path of a request that succeeds.
public interface ModelDirectory {
  /// Names of the configured models, sorted.
  List<String> models();

  /// States of all known versions of `model`, ascending; empty when none was found yet.
  List<VersionStatus> versions(String model);
}
