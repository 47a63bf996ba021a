package io.javelin.router;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Reads the vectors of ASSIGN-1, which were computed by an independent program.
final class VectorFile {
  private VectorFile() {}

  static JsonNode read(String name) {
    try (InputStream in = VectorFile.class.getResourceAsStream("/vectors/" + name)) {
      if (in == null) {
        throw new IllegalStateException("no vectors named " + name);
      }
      return JsonMapper.shared().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The salt or unit of a vector: written out, as UTF-16 units, or as a piece and a count.
  static String unitOf(JsonNode vector) {
    if (vector.has("unit")) {
      return vector.get("unit").stringValue();
    }
    if (vector.has("unit_repeat")) {
      JsonNode repeat = vector.get("unit_repeat");
      return repeat.get("piece").stringValue().repeat(repeat.get("times").intValue());
    }
    StringBuilder unit = new StringBuilder();
    for (JsonNode hex : vector.get("java_utf16_units")) {
      unit.append((char) Integer.parseInt(hex.stringValue(), 16));
    }
    return unit.toString();
  }

  /// Ranges written as pairs of numbers.
  static List<BucketRange> rangesOf(JsonNode pairs) {
    List<BucketRange> ranges = new ArrayList<>();
    for (JsonNode pair : pairs) {
      ranges.add(new BucketRange(pair.get(0).intValue(), pair.get(1).intValue()));
    }
    return ranges;
  }
}
