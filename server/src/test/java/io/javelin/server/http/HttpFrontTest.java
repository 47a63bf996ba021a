package io.javelin.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class HttpFrontTest {
  private final HttpFront front = new HttpFront();
  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void close() {
    client.close();
    front.close();
  }

  private int listen(int port) throws IOException {
    return front.listen(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
        Map.of(
            "/accept",
            (HttpRoute) accept -> HttpReply.json(200, "\"" + accept + "\""),
            "/busy",
            accept -> HttpReply.json(503, "{}"),
            "/broken",
            accept -> {
              throw new IllegalStateException("planted");
            }));
  }

  private HttpResponse<String> send(int port, String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .method(method, HttpRequest.BodyPublishers.ofString(""))
            .header("accept", "text/x")
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void routesByPathWhateverTheQuery() throws Exception {
    int port = listen(0);

    assertEquals("\"text/x\"", send(port, "GET", "/accept?x=/busy").body());
    assertEquals(503, send(port, "GET", "/busy").statusCode());
    assertEquals(404, send(port, "GET", "/accept/").statusCode());
    assertEquals(404, send(port, "POST", "/nope").statusCode());
    assertEquals(405, send(port, "PUT", "/accept").statusCode());
  }

  @Test
  void aBrokenRouteCostsItsConnectionOnly() throws Exception {
    int port = listen(0);

    assertThrows(IOException.class, () -> send(port, "GET", "/broken"));

    assertEquals(200, send(port, "GET", "/accept").statusCode());
  }

  @Test
  void saysWhichPortIsTaken() throws Exception {
    int port = listen(0);

    IOException refused = assertThrows(IOException.class, () -> listen(port));

    String message = String.valueOf(refused.getMessage());
    assertTrue(message.contains("127.0.0.1:" + port), message);
  }
}
