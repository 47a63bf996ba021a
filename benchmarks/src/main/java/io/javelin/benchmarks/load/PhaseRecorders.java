package io.javelin.benchmarks.load;

/// Keeps the warm-up apart from the measurement, by the intended start of a request.
record PhaseRecorders(RunWindow window, LatencyRecorder warmUp, LatencyRecorder measured) {
  LatencyRecorder at(long intendedNanos) {
    return window.isMeasured(intendedNanos) ? measured : warmUp;
  }
}
