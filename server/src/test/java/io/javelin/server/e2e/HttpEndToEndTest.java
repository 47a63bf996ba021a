package io.javelin.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The HTTP and metrics ports.
class HttpEndToEndTest {
  @TempDir static Path directory;
  private static DemoServer server;

  @BeforeAll
  static void start() throws Exception {
    server = DemoServer.start(directory, DemoServer.demoConfig());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '\'',
      value = {
        "GET,/v2/health/live,200,'{\"live\":true}'",
        "GET,/v2/health/ready,200,'{\"ready\":true}'",
        "GET,/v2/health/ready?verbose=1,200,'{\"ready\":true}'",
        "GET,/v2/health,404,'{\"error\":\"Not Found\"}'",
        "GET,/metrics,404,'{\"error\":\"Not Found\"}'",
        "POST,/v2/health/ready,405,'{\"error\":\"Method Not Allowed\"}'",
      })
  void answersHealthAsJson(String method, String path, int status, String body) throws Exception {
    HttpResponse<String> response = send(method, server.server().httpPort(), path, "*/*");

    assertEquals(status, response.statusCode());
    assertEquals(body, response.body());
    assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
  }

  @Test
  void servesMetricsInTheAskedFormat() throws Exception {
    int port = server.server().metricsPort();
    HttpResponse<String> text = send("GET", port, "/metrics", "text/plain");
    HttpResponse<String> open = send("GET", port, "/metrics", "application/openmetrics-text");

    assertEquals(200, text.statusCode());
    assertTrue(text.body().contains("# TYPE javelin_inference_latency_seconds histogram"));
    assertTrue(text.body().contains("jvm_memory_used_bytes"));
    assertTrue(open.body().endsWith("# EOF\n"));
    assertEquals(
        404, send("GET", port, "/v2/health/live", "*/*").statusCode(), "health on metrics port");
  }

  private static HttpResponse<String> send(String method, int port, String path, String accept)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .header("accept", accept)
            .build();
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request, HttpResponse.BodyHandlers.ofString());
    }
  }
}
