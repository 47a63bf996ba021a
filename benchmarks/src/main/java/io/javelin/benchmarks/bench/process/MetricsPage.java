package io.javelin.benchmarks.bench.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/// Javelin's HTTP side: readiness, and the batches on the metrics page. Thread-safe.
final class MetricsPage implements BatchCounter {
  private static final String COUNT = "javelin_batch_requests_count";
  private static final String SUM = "javelin_batch_requests_sum";
  private static final int OK = 200;

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI metrics;
  private final URI ready;

  MetricsPage(int httpPort, int metricsPort) {
    ready = URI.create("http://127.0.0.1:" + httpPort + "/v2/health/ready");
    metrics = URI.create("http://127.0.0.1:" + metricsPort + "/metrics");
  }

  /// Whether the server says that it is ready; also false when nothing listens yet.
  boolean isReady() throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(ready).build();
      return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == OK;
    } catch (IOException e) {
      return false;
    }
  }

  /// Sums over models and versions.
  @Override
  public Batches read() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(metrics).build();
    double batches = 0;
    double requests = 0;
    for (String line : client.send(request, HttpResponse.BodyHandlers.ofLines()).body().toList()) {
      if (line.startsWith(COUNT)) {
        batches += value(line);
      } else if (line.startsWith(SUM)) {
        requests += value(line);
      }
    }
    return new Batches(batches, requests);
  }

  private static double value(String line) {
    return Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
  }
}
