package io.javelin.server.grpc;

import io.grpc.BindableService;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import io.javelin.server.pipeline.Readiness;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Publishes readiness as `grpc.health.v1`: "" and `inference.GRPCInferenceService` and `readiness`
/// for the server, `liveness` for the process, and one name per model. Thread-safe.
public final class HealthPublisher {
  private static final List<String> READINESS_NAMES =
      List.of("", "inference.GRPCInferenceService", "readiness");

  private final HealthStatusManager health = new HealthStatusManager();
  private final Readiness readiness;
  private final Set<String> models = new HashSet<>(); // Guarded by this.

  public HealthPublisher(Readiness readiness) {
    this.readiness = readiness;
    READINESS_NAMES.forEach(name -> health.setStatus(name, ServingStatus.NOT_SERVING));
    health.setStatus("liveness", ServingStatus.SERVING);
  }

  /// Brings the published states up to date; `configured` are the models that exist now.
  public synchronized void refresh(List<String> configured) {
    models.removeIf(model -> forget(model, configured));
    for (String model : configured) {
      models.add(model);
      health.setStatus(model, status(readiness.modelReady(model, 0)));
    }
    ServingStatus server = status(readiness.serverReady());
    READINESS_NAMES.forEach(name -> health.setStatus(name, server));
  }

  BindableService service() {
    return health.getHealthService();
  }

  private boolean forget(String model, List<String> configured) {
    if (configured.contains(model)) {
      return false;
    }
    health.clearStatus(model);
    return true;
  }

  private static ServingStatus status(boolean ready) {
    return ready ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
  }
}
