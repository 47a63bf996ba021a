package io.javelin.server.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.server.pipeline.Telemetry.VersionTelemetry;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class LatencyPercentileTest {
  private static final String METRIC = "javelin_inference_latency_seconds";

  @Test
  void quantileOfTheTestEqualsPrometheus() {
    JsonNode vectors = Vectors.latency().get("prometheus_histogram_quantile");
    assertEquals(4, vectors.size());
    for (JsonNode vector : vectors) {
      JsonNode input = vector.get("input");
      Map<Double, Double> buckets = new LinkedHashMap<>();
      for (int i = 0; i < input.get("le").size(); i++) {
        JsonNode bound = input.get("le").get(i);
        buckets.put(
            bound.isNumber() ? bound.doubleValue() : Double.POSITIVE_INFINITY,
            input.get("cumulative").get(i).doubleValue());
      }
      assertEquals(
          vector.get("expected").doubleValue(),
          BucketQuantile.of(input.get("q").doubleValue(), buckets),
          1e-12);
    }
  }

  @Test
  void percentilesOfTwoReplicasMergeWithinTheStatedError() {
    Random random = new Random(11);
    long[] fast = lognormalNanos(random, 20_000, 300_000);
    long[] slow = lognormalNanos(random, 5_000, 4_000_000);
    Map<Double, Double> merged = BucketQuantile.sum(scrapedBuckets(fast), scrapedBuckets(slow));

    long[] all = LongStream.concat(Arrays.stream(fast), Arrays.stream(slow)).sorted().toArray();
    for (double quantile : new double[] {0.5, 0.9, 0.95, 0.99, 0.999}) {
      double truth = all[(int) Math.ceil(quantile * all.length) - 1] / 1e9;
      double estimate = BucketQuantile.of(quantile, merged);
      assertEquals(truth, estimate, 0.28 * truth, "quantile " + quantile);
    }
  }

  @Test
  void mergedP99IsTheTrueOneWhereTheMeanOfP99IsNot() {
    JsonNode expected = Vectors.latency().get("averaging_percentiles").get(0).get("expected");
    long[] shardA = nanos(990, 10_000_000, 10, 12_000_000);
    long[] shardB = nanos(90, 10_000_000, 10, 1_000_000_000);

    double p99 =
        BucketQuantile.of(0.99, BucketQuantile.sum(scrapedBuckets(shardA), scrapedBuckets(shardB)));

    double truth = expected.get("true_p99_of_union").doubleValue() / 1e3;
    assertEquals(truth, p99, 0.28 * truth);
    assertTrue(p99 < expected.get("mean_of_p99").doubleValue() / 1e3 / 10);
  }

  private static Map<Double, Double> scrapedBuckets(long[] totalNanos) {
    try (MetricsRegistry registry = new MetricsRegistry()) {
      VersionTelemetry version = new PrometheusTelemetry(registry).version("m", 1);
      for (long nanos : totalNanos) {
        version.variant("default").onSuccess(1, 0, 0, 0, 0, nanos);
      }
      return TextScrape.of(registry)
          .buckets(METRIC, "model=\"m\",stage=\"total\",variant=\"default\",version=\"1\"");
    }
  }

  private static long[] lognormalNanos(Random random, int count, double medianNanos) {
    return random
        .doubles(count, 0, 1)
        .mapToLong(_ -> (long) (medianNanos * Math.exp(random.nextGaussian())))
        .toArray();
  }

  private static long[] nanos(int count, long value, int otherCount, long otherValue) {
    long[] all = new long[count + otherCount];
    Arrays.fill(all, 0, count, value);
    Arrays.fill(all, count, all.length, otherValue);
    return all;
  }
}
