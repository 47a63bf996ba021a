package io.javelin.server.metrics;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The text format of a scrape, taken apart by string operations only.
record TextScrape(List<String> lines) {
  static TextScrape of(MetricsRegistry registry) {
    byte[] body = registry.scrape(null).body();
    return new TextScrape(new String(body, StandardCharsets.UTF_8).lines().toList());
  }

  boolean has(String line) {
    return lines.contains(line);
  }

  /// Sample lines of the server's own series that contain `part`.
  List<String> own(String part) {
    return lines.stream()
        .filter(line -> line.startsWith("javelin_") || line.startsWith("nv_"))
        .filter(line -> line.contains(part))
        .toList();
  }

  double value(String series) {
    return lines.stream()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no series " + series));
  }

  /// Metric name to type, of the server's own series.
  Map<String, String> ownTypes() {
    Map<String, String> types = new LinkedHashMap<>();
    for (String line : lines) {
      String[] words = line.split(" ", -1);
      if (line.startsWith("# TYPE javelin_") || line.startsWith("# TYPE nv_")) {
        types.put(words[2], words[3]);
      }
    }
    return types;
  }

  /// Label names of a metric, without `le`.
  Set<String> labelNames(String metric) {
    Set<String> names = new LinkedHashSet<>();
    for (String line : lines) {
      if (line.startsWith(metric + "{") || line.startsWith(metric + "_count{")) {
        String labels = line.substring(line.indexOf('{') + 1, line.lastIndexOf('}'));
        for (String label : labels.split("\",", -1)) {
          names.add(label.substring(0, label.indexOf('=')));
        }
      }
    }
    return names;
  }

  /// Cumulative classic buckets by bound; `labels` as written, without `le`.
  Map<Double, Double> buckets(String metric, String labels) {
    Map<Double, Double> buckets = new LinkedHashMap<>();
    String prefix = metric + "_bucket{" + labels + ",le=\"";
    for (String line : lines) {
      if (line.startsWith(prefix)) {
        int end = line.indexOf('"', prefix.length());
        String bound = line.substring(prefix.length(), end);
        buckets.put(
            bound.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(bound),
            Double.parseDouble(line.substring(end + 3)));
      }
    }
    return buckets;
  }
}
