package io.javelin.benchmarks.start;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// Asks one HTTP path over a bare socket: a poll every two milliseconds must cost next to nothing.
///
/// @param port on this machine
record HttpProbe(int port, String path) {
  private static final int TIMEOUT_MILLIS = 5_000;

  /// Whether the answer is 200. A port that nobody listens on yet is a no.
  boolean isReady() {
    try {
      return get().startsWith("HTTP/1.1 200");
    } catch (IOException e) {
      return false;
    }
  }

  /// The whole answer, status line first.
  String get() throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
      socket.setSoTimeout(TIMEOUT_MILLIS);
      String request =
          "GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      InputStream answer = socket.getInputStream();
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
