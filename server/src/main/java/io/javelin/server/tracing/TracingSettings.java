package io.javelin.server.tracing;

import java.net.URI;
import java.time.Duration;

/// Where spans go and how many.
///
/// @param endpoint of the collector: `http://host:4317` for gRPC, the full path
///   `http://host:4318/v1/traces` for HTTP
/// @param sampleRatio share of requests without a caller's decision that are traced, 0 to 1
/// @param serviceName the resource's `service.name`
/// @param serviceVersion the resource's `service.version`
/// @param exportTimeout of one batch; also the most that closing waits
public record TracingSettings(
    URI endpoint,
    Protocol protocol,
    double sampleRatio,
    String serviceName,
    String serviceVersion,
    Duration exportTimeout) {

  /// How spans are carried, in OpenTelemetry's terms (`OTEL_EXPORTER_OTLP_PROTOCOL`).
  public enum Protocol {
    GRPC,
    HTTP_PROTOBUF
  }

  public TracingSettings {
    if (!(sampleRatio >= 0 && sampleRatio <= 1)) {
      throw new IllegalArgumentException("sample ratio is " + sampleRatio + ", expected 0 to 1");
    }
    if (exportTimeout.isNegative() || exportTimeout.isZero()) {
      throw new IllegalArgumentException(
          "export timeout is " + exportTimeout + ", expected more than zero");
    }
  }
}
