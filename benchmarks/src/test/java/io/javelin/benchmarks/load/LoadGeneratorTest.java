package io.javelin.benchmarks.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import inference.ModelInferResponse;
import inference.ModelMetadataResponse;
import io.grpc.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

class LoadGeneratorTest {
  private static final long START_NANOS = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(500);

  private final AtomicLong clock = new AtomicLong(START_NANOS);
  private final RequestTemplate template =
      RequestTemplate.ofRows(
          metadata(), CsvRows.parse("rows.csv", List.of("a,b,label", "1,2,7", "3,4,8")), 1);
  private HeldServer server;

  @BeforeEach
  void startServer(TestInfo test) throws IOException {
    server = new HeldServer(test.getDisplayName());
  }

  @AfterEach
  void stopServer() {
    // Past every run's end, else a closed loop would refill for ever what the server cuts off.
    at(100_000);
    server.close();
  }

  @Test
  void countsFromTheIntendedStartWhileTheServerStalls() {
    LoadGenerator load = generator(open(1_000, 100_000, Duration.ZERO));
    for (int millis = 1; millis <= 1_000; millis++) {
      load.doWork(at(millis));
    }
    long sent = load.snapshot().arrivals();
    server.answerAll("control", "3");
    LoadSnapshot end = load.snapshot();

    assertEquals(1_000.0, (double) sent, 150.0);
    assertEquals(sent, end.ok());
    // The answers came together after one second: whoever was due in the middle waited half of it.
    LatencySummary latency = LatencySummary.of(end.latency());
    assertEquals(500_000, latency.p50Micros(), 60_000);
    assertEquals(1_000_000, latency.maxMicros(), 10_000);
  }

  @Test
  void countsFromTheIntendedStartWhileTheGeneratorStalls() {
    server.answerAtOnce();
    LoadGenerator load = generator(open(1_000, 100_000, Duration.ZERO));
    load.doWork(at(1_000));

    LoadSnapshot end = load.snapshot();
    assertEquals(end.arrivals(), end.ok());
    assertEquals(500_000, LatencySummary.of(end.latency()).p50Micros(), 60_000);
    assertEquals(500_000, LatencySummary.of(end.sendLag()).p50Micros(), 60_000);
  }

  @Test
  void countsWhatItCouldNotSendAsOverrun() {
    LoadGenerator load = generator(open(1_000, 10, Duration.ZERO));
    load.doWork(at(1_000));

    assertEquals(10, server.heldCalls());
    LoadSnapshot stalled = load.snapshot();
    assertEquals(10, stalled.inFlight());
    assertEquals(stalled.arrivals() - 10, stalled.overruns());
    assertTrue(stalled.overruns() > 800, stalled::toString);
    assertTrue(stalled.errorRatio() > 0.9);
  }

  @Test
  void keepsTheWarmUpOutOfTheMeasurement() {
    server.answerAtOnce();
    LoadGenerator load = generator(open(1_000, 10, Duration.ofMillis(500)));
    load.doWork(at(500));
    assertEquals(0, load.snapshot().arrivals());
    assertEquals(500.0, (double) load.warmUpSnapshot().arrivals(), 100.0);

    load.doWork(at(1_500));
    assertEquals(1_000.0, (double) load.snapshot().arrivals(), 150.0);
    assertEquals(500.0, (double) load.warmUpSnapshot().arrivals(), 100.0);
  }

  @Test
  void stopsAtTheEndOfTheMeasurement() {
    server.answerAtOnce();
    LoadGenerator load = generator(open(1_000, 10, Duration.ZERO));
    load.doWork(at(60_000));
    assertEquals(1_000.0, (double) load.snapshot().arrivals(), 150.0);
    assertEquals(60.0, load.snapshot().elapsedNanos() / 1e9, 0.001);
  }

  @Test
  void splitsByVariantAndVersionAndCountsErrorsByCode() {
    LoadGenerator load = generator(closed(5));
    load.doWork(at(0));
    load.stop();
    at(10);
    server.answerNext("control", "1");
    server.answerNext("canary", "2");
    server.answerNext("canary", "3");
    server.refuseNext(Status.RESOURCE_EXHAUSTED);
    server.refuseNext(Status.UNAVAILABLE);

    LoadSnapshot end = load.snapshot();
    assertEquals(
        List.of("control 1", "canary 2", "canary 3", "- -"),
        end.variants().stream().map(v -> v.variant() + " " + v.version()).toList());
    assertEquals(
        Map.of(Status.Code.RESOURCE_EXHAUSTED, 1L, Status.Code.UNAVAILABLE, 1L),
        end.errorsByCode());
    assertEquals(3, end.ok());
    assertEquals(2, end.failedLatency().getTotalCount());
  }

  @Test
  void closedLoopKeepsItsRequestsInFlight() {
    LoadGenerator load = generator(closed(3));
    load.doWork(at(0));
    assertEquals(3, server.heldCalls());
    server.answerNext("control", "1");
    assertEquals(3, server.heldCalls());
    at(1_001);
    server.answerAll("control", "1");
    assertEquals(0, server.heldCalls());
    assertEquals(4, load.snapshot().ok());
  }

  @Test
  void closedLoopDoesNotRecurseIntoAServerThatAnswersAtOnce() {
    server.answerAtOnce();
    AtomicLong ticking = new AtomicLong();
    LoadGenerator load =
        new LoadGenerator(
            closed(2),
            template,
            List.of(server.channel()),
            AnswerListener.none(),
            () -> ticking.addAndGet(TimeUnit.MICROSECONDS.toNanos(20)));
    load.doWork(0);
    assertTrue(load.snapshot().ok() > 10_000, () -> load.snapshot().toString());
  }

  @Test
  void sendsUserIdsByMetadataAndRowsInTurn() {
    server.answerAtOnce();
    LoadGenerator load = generator(open(1_000, 10, Duration.ZERO));
    load.doWork(at(1_000));

    assertEquals(20, server.users().stream().distinct().count());
    assertTrue(server.users().contains("user-19"));
    assertArrayEquals(template.request(0), server.requests().get(0).toByteArray());
    assertArrayEquals(template.request(1), server.requests().get(1).toByteArray());
    assertArrayEquals(template.request(0), server.requests().get(2).toByteArray());
  }

  @Test
  void tellsTheListenerWhatWasAskedAndAnswered() throws Exception {
    List<String> answers = new ArrayList<>();
    List<byte[]> bodies = new ArrayList<>();
    AnswerListener listener =
        (response, user, request, variant, version) -> {
          bodies.add(response);
          answers.add(template.labels(request)[0] + " " + variant + " " + version);
        };
    LoadGenerator load =
        new LoadGenerator(closed(3), template, List.of(server.channel()), listener, clock::get);
    load.doWork(at(0));
    load.stop();
    server.answerAll("canary", "2");

    assertEquals(List.of("7 canary 2", "8 canary 2", "7 canary 2"), answers);
    assertEquals("2", ModelInferResponse.parseFrom(bodies.getFirst()).getModelVersion());
  }

  @Test
  void aSnapshotSinceAnotherCoversOnlyWhatCameBetween() {
    LoadGenerator load = generator(closed(1));
    load.doWork(at(0));
    at(5);
    server.answerNext("control", "1");
    LoadSnapshot first = load.snapshot();
    at(25);
    server.answerNext("canary", "2");
    at(32);
    server.answerNext("control", "1");

    LoadSnapshot between = load.snapshot().since(first);
    assertEquals(2, between.ok());
    assertEquals(27, between.elapsedNanos() / 1e6, 0.001);
    assertEquals(7_000, LatencySummary.of(between.variants().get(0).latency()).maxMicros(), 10);
    assertEquals(20_000, LatencySummary.of(between.variants().get(1).latency()).maxMicros(), 20);
  }

  @Test
  void spendsTheDeadlineFromTheIntendedStart() {
    LoadConfig config =
        new LoadConfig(
            new Arrivals.OpenLoop(1_000),
            Duration.ZERO,
            Duration.ofSeconds(1),
            100_000,
            Duration.ofMillis(100),
            0,
            1);
    LoadGenerator load = generator(config);
    load.doWork(at(1_000));
    Map<Status.Code, Long> errors = load.snapshot().errorsByCode();
    // Nine of ten were due more than 100 ms before the generator came round to them.
    assertEquals(900.0, (double) errors.getOrDefault(Status.Code.DEADLINE_EXCEEDED, 0L), 150.0);
  }

  @Test
  void runsOnItsOwnThreadUntilTheEnd() throws Exception {
    server.answerAtOnce();
    LoadConfig config =
        new LoadConfig(
            new Arrivals.OpenLoop(1_000),
            Duration.ZERO,
            Duration.ofMillis(100),
            1_000,
            Duration.ZERO,
            0,
            1);
    try (LoadGenerator load =
        LoadGenerator.start(
            config, template, List.of(server.channel()), AnswerListener.none(), System::nanoTime)) {
      assertTrue(load.awaitEnd(Duration.ofSeconds(30)));
      LoadSnapshot end = load.snapshot();
      assertNotEquals(0, end.ok());
      assertEquals(end.arrivals(), end.ok() + end.errors() + end.overruns());
      assertFalse(server.users().stream().anyMatch(user -> user != null));
    }
  }

  private long at(long millis) {
    clock.set(START_NANOS + TimeUnit.MILLISECONDS.toNanos(millis));
    return clock.get();
  }

  private LoadGenerator generator(LoadConfig config) {
    return new LoadGenerator(
        config, template, List.of(server.channel()), AnswerListener.none(), clock::get);
  }

  private static LoadConfig open(double rate, int maxInFlight, Duration warmUp) {
    return new LoadConfig(
        new Arrivals.OpenLoop(rate),
        warmUp,
        Duration.ofSeconds(1),
        maxInFlight,
        Duration.ZERO,
        20,
        42);
  }

  private static LoadConfig closed(int concurrency) {
    return new LoadConfig(
        new Arrivals.ClosedLoop(concurrency),
        Duration.ZERO,
        Duration.ofSeconds(1),
        1,
        Duration.ZERO,
        20,
        42);
  }

  private static ModelMetadataResponse metadata() {
    return ModelMetadataResponse.newBuilder()
        .setName("pair")
        .addInputs(
            ModelMetadataResponse.TensorMetadata.newBuilder()
                .setName("x")
                .setDatatype("FP32")
                .addShape(-1)
                .addShape(2))
        .build();
  }
}
