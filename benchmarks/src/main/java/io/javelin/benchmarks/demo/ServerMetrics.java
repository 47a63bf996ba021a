package io.javelin.benchmarks.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the figures that only the server knows from its metrics page.
final class ServerMetrics {
  private static final Pattern SAMPLE = Pattern.compile("^(\\w+)\\{(.*)} (\\S+)$");

  private final HttpClient client = HttpClient.newHttpClient();
  private final URI page;

  ServerMetrics(int port) {
    this.page = URI.create("http://127.0.0.1:" + port + "/metrics");
  }

  URI page() {
    return page;
  }

  /// One look at the page.
  Page read() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(page).build();
    return new Page(client.send(request, HttpResponse.BodyHandlers.ofLines()).body().toList());
  }

  /// The text of the page, line by line.
  record Page(List<String> lines) {
    /// Requests per batch, 0 before the first batch.
    double meanBatchSize(String model) {
      double batches = sum("javelin_batch_requests_count", model, "");
      return batches == 0 ? 0 : sum("javelin_batch_requests_sum", model, "") / batches;
    }

    /// Rows compared with a shadow.
    double shadowRows(String model) {
      return sum("javelin_shadow_rows_total", model, "");
    }

    /// Of these, rows on which live version and shadow agree.
    double agreeingShadowRows(String model) {
      return sum("javelin_shadow_rows_total", model, "agree=\"true\"");
    }

    private double sum(String name, String model, String label) {
      double sum = 0;
      for (String line : lines) {
        Matcher sample = SAMPLE.matcher(line);
        if (sample.matches()
            && sample.group(1).equals(name)
            && sample.group(2).contains("model=\"" + model + "\"")
            && sample.group(2).contains(label)) {
          sum += Double.parseDouble(sample.group(3));
        }
      }
      return sum;
    }
  }
}
