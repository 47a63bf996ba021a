package io.javelin.server;

import io.javelin.loader.engine.onnx.OnnxEngine;
import io.javelin.server.grpc.GrpcFront;
import io.javelin.server.metrics.MetricsRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Loads what every server needs while its configuration is still being read: native libraries, and
/// the classes of transport and metrics. The parts are made again, properly, by [Wiring]; what
/// remains of this is that the second time is quick.
final class StartAhead {
  private static final Logger LOG = LoggerFactory.getLogger(StartAhead.class);

  private StartAhead() {}

  /// Begins on a thread of its own, which ends by itself and holds up nothing.
  static void begin() {
    Thread.ofPlatform().name("start-ahead").daemon().start(StartAhead::load);
  }

  /// Whatever fails here fails again where it is needed, and is told there.
  private static void load() {
    try {
      new OnnxEngine().close();
      GrpcFront.preload();
      new MetricsRegistry().close();
    } catch (RuntimeException | LinkageError e) {
      LOG.debug("loading ahead failed", e);
    }
  }
}
