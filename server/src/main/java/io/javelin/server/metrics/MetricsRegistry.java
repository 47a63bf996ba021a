package io.javelin.server.metrics;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmInfoMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The registry behind `/metrics`: the server's own families and, through Micrometer, the meters of
/// the JVM and the process. Thread-safe.
public final class MetricsRegistry implements AutoCloseable {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String PROTOBUF =
      "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited";

  /// The type line of a counter with an exact name, see [CounterFamily.Naming#EXACT].
  private static final Pattern UNTYPED = Pattern.compile("(?m)^(# TYPE nv_\\S+) untyped$");

  /// What a scrape answers.
  ///
  /// @param contentType value of the `content-type` header
  /// @param body handed over to the caller
  @SuppressWarnings("ArrayRecordComponent") // A message on its way out, never compared.
  public record Scrape(String contentType, byte[] body) {}

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusMeterRegistry meters =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, registry, Clock.SYSTEM);
  private final JvmGcMetrics gcMetrics = new JvmGcMetrics();

  public MetricsRegistry() {
    this(true);
  }

  private MetricsRegistry(boolean ofProcess) {
    if (ofProcess) {
      bindProcess();
    }
  }

  /// A registry without the meters of JVM and process, for figures that nobody scrapes.
  public static MetricsRegistry scratch() {
    return new MetricsRegistry(false);
  }

  private void bindProcess() {
    new ClassLoaderMetrics().bindTo(meters);
    new FileDescriptorMetrics().bindTo(meters);
    new JvmInfoMetrics().bindTo(meters);
    new JvmMemoryMetrics().bindTo(meters);
    new JvmThreadMetrics().bindTo(meters);
    new ProcessorMetrics().bindTo(meters);
    new UptimeMetrics().bindTo(meters);
    gcMetrics.bindTo(meters);
  }

  <F extends Family<?>> F register(F family) {
    registry.register(family);
    return family;
  }

  /// All series, in the richest format the client accepts: Prometheus' protobuf (the only one with
  /// native histograms), OpenMetrics, or else the text format.
  ///
  /// @param accept the request's `accept` header, null when it has none
  public Scrape scrape(@Nullable String accept) {
    String contentType = contentType(accept);
    byte[] body = write(contentType);
    return new Scrape(contentType, contentType.equals(TEXT) ? restoreCounterTypes(body) : body);
  }

  private static String contentType(@Nullable String accept) {
    String wanted = accept == null ? "" : accept.toLowerCase(Locale.ROOT);
    if (wanted.contains("application/vnd.google.protobuf")
        && wanted.contains("io.prometheus.client.metricfamily")
        && wanted.contains("delimited")) {
      return PROTOBUF;
    }
    return wanted.contains("application/openmetrics-text") ? OPEN_METRICS : TEXT;
  }

  private byte[] write(String contentType) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1 << 16);
    try {
      meters.scrape(out, contentType);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return out.toByteArray();
  }

  private static byte[] restoreCounterTypes(byte[] text) {
    String untyped = new String(text, StandardCharsets.UTF_8);
    return UNTYPED.matcher(untyped).replaceAll("$1 counter").getBytes(StandardCharsets.UTF_8);
  }

  /// Ends the garbage collection listener. A later scrape still answers.
  @Override
  public void close() {
    gcMetrics.close();
    meters.close();
  }
}
