package io.javelin.server.e2e;

import java.util.List;

/// One look at `/metrics`, in the text format.
record Scrape(List<String> lines) {
  static Scrape of(DemoServer server) throws Exception {
    return new Scrape(server.metrics().lines().filter(line -> !line.startsWith("#")).toList());
  }

  /// Sum of all series of `name` that carry these labels; 0 when there is none.
  ///
  /// @param labels names and values in turn
  double sum(String name, String... labels) {
    return lines.stream()
        .filter(line -> isOf(line, name, labels))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  /// Lines of the server's own series that contain `part`.
  List<String> own(String part) {
    return lines.stream()
        .filter(line -> line.startsWith("nv_") || line.startsWith("javelin_"))
        .filter(line -> line.contains(part))
        .toList();
  }

  /// What a failed test wants to see.
  @Override
  public String toString() {
    return String.join(
        "\n",
        own("").stream()
            .filter(line -> !line.contains("_bucket{") && !line.endsWith(" 0.0"))
            .toList());
  }

  private static boolean isOf(String line, String name, String... labels) {
    if (!line.startsWith(name + "{") && !line.startsWith(name + " ")) {
      return false;
    }
    for (int i = 0; i < labels.length; i += 2) {
      if (!line.contains(labels[i] + "=\"" + labels[i + 1] + "\"")) {
        return false;
      }
    }
    return true;
  }
}
