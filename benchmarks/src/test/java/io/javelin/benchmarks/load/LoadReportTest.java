package io.javelin.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Status;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoadReportTest {
  private static final RunManifest MANIFEST =
      new RunManifest(
          Instant.EPOCH, "abc", 2, "cpu", "os", "jvm", List.of("load", "--model", "digits"));

  @Test
  void readsPercentilesOfKnownData() {
    LatencyRecorder recorder = new LatencyRecorder();
    for (int micros = 1; micros <= 1_000; micros++) {
      answer(recorder, Status.Code.OK, micros);
    }
    LatencySummary latency = LoadReport.of(MANIFEST, recorder.snapshot(1)).latencies().ok();
    assertEquals(500, latency.p50Micros(), 1);
    assertEquals(900, latency.p90Micros(), 1);
    assertEquals(950, latency.p95Micros(), 1);
    assertEquals(990, latency.p99Micros(), 1);
    assertEquals(999, latency.p999Micros(), 1);
    assertEquals(1_000, latency.maxMicros(), 1);
  }

  @Test
  void countsErrorsOverrunsAndUnansweredAgainstTheArrivals() {
    LatencyRecorder recorder = new LatencyRecorder();
    answer(recorder, Status.Code.OK, 10);
    answer(recorder, Status.Code.UNAVAILABLE, 20);
    recorder.onOverrun();
    recorder.onSent(0);
    LoadReport report = LoadReport.of(MANIFEST, recorder.snapshot(2_000_000_000L));
    assertEquals(
        new LoadReport.Counts(2.0, 0.5, 4, 1, 1, 1, 0.75), report.counts(), report::toString);
    assertEquals(10, report.latencies().ok().maxMicros(), 0.1);
    assertEquals(20, report.latencies().all().maxMicros(), 0.1);
  }

  @Test
  void keepsAnAnswerBeyondTheRangeOfTheHistogram() {
    LatencyRecorder recorder = new LatencyRecorder();
    answer(recorder, Status.Code.OK, 3_600_000_000L);
    assertEquals(1, recorder.snapshot(1).latency().getTotalCount());
  }

  @Test
  void writesJsonThatCarriesTheManifest() {
    LatencyRecorder recorder = new LatencyRecorder();
    answer(recorder, Status.Code.OK, 10);
    JsonNode json =
        JsonMapper.builder()
            .build()
            .readTree(LoadReport.of(MANIFEST, recorder.snapshot(1_000_000_000L)).toJson());
    assertEquals("cpu", json.at("/manifest/cpuModel").asString());
    assertEquals("1970-01-01T00:00:00Z", json.at("/manifest/startedAt").asString());
    assertEquals("digits", json.at("/manifest/commandLine/2").asString());
    assertEquals(1.0, json.at("/counts/achievedPerSecond").asDouble());
    assertEquals(10, json.at("/latencies/ok/p99Micros").asDouble(), 0.1);
    assertEquals("control", json.at("/variants/0/variant").asString());
  }

  @Test
  void printsOneLinePerVariant() {
    LatencyRecorder recorder = new LatencyRecorder();
    answer(recorder, Status.Code.OK, 10);
    String text = LoadReport.of(MANIFEST, recorder.snapshot(1_000_000_000L)).toText();
    assertTrue(text.contains("1 arrivals: 1 OK, 0 overruns, 0 unanswered, errors {}"), text);
    assertTrue(text.lines().anyMatch(line -> line.startsWith("  control v1")), text);
  }

  private static void answer(LatencyRecorder recorder, Status.Code code, long micros) {
    recorder.onSent(0);
    recorder.onAnswer(code, "control", "1", 0, micros * 1_000);
  }
}
