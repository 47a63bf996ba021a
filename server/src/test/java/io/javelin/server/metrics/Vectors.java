package io.javelin.server.metrics;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Expected numbers, computed by other programs.
final class Vectors {
  private Vectors() {}

  static JsonNode latency() {
    try (InputStream in =
        Objects.requireNonNull(Vectors.class.getResourceAsStream("latency.json"))) {
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
