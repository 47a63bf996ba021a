package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.javelin.batching.BatchItem;
import io.javelin.batching.BatchingConfig;
import io.javelin.batching.BatchingConfig.CostBound;
import io.javelin.batching.QueueingConfig;
import io.javelin.batching.QueueingConfig.Policy;
import io.javelin.batching.QueueingConfig.TimeoutAction;
import io.javelin.loader.engine.EngineException;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Where calls wait that have come through the pipeline.
class QueuePlacementTest {
  private final long arrived = System.nanoTime();

  /// Level 1 drops after 50 s and keeps to that, level 2 delays after 10 s or as asked, level 3 has
  /// no time-out.
  private static final QueueingConfig LEVELS =
      new QueueingConfig(
          List.of(
              new Policy(100, TimeoutAction.REJECT, 50_000_000_000L, false),
              new Policy(100, TimeoutAction.DELAY, 10_000_000_000L, true),
              new Policy(100, TimeoutAction.REJECT, 0, true)),
          3,
          1_000_000_000,
          null,
          false);

  private PipelineFixture fixture;

  @BeforeEach
  void open() throws EngineException {
    fixture = new PipelineFixture(new PuppetEngine(1_000), 1, 8, 64);
    RuntimeSettings plain = fixture.runtime.settings();
    BatchingConfig batching =
        new BatchingConfig(8, 300, 0, List.of(), new CostBound(1_000, "x", 1), LEVELS);
    fixture.runtime.reconfigure(
        new RuntimeSettings(plain.instances(), batching, 0, plain.warmup(), plain.predictions()));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void takesTheLevelThatTheRequestAsksForOrTheDefault() {
    assertEquals(1, send(1, 0).priorityLevel());
    assertEquals(3, send(0, 0).priorityLevel());
    assertEquals(3, send(4, 0).priorityLevel(), "no such level");
  }

  @Test
  void appliesTheTimeoutOfTheLevel() {
    assertEquals(arrived + 50_000_000_000L, send(1, 0).deadlineNanos());
    assertEquals(arrived + 50_000_000_000L, send(1, 9_000_000).deadlineNanos(), "no override");
    assertEquals(BatchItem.NO_DEADLINE, send(3, 0).deadlineNanos());
    assertEquals(arrived + 9_000_000_000L, send(3, 9_000_000).deadlineNanos());
    assertEquals(BatchItem.NO_DEADLINE, send(1, 0).answerByNanos(), "it is no deadline");
  }

  @Test
  void aLevelThatDelaysDropsNothing() {
    InferCall call = send(2, 0);
    assertEquals(BatchItem.NO_DEADLINE, call.deadlineNanos());
    assertEquals(arrived + 10_000_000_000L, call.delayAfterNanos());
    assertEquals(arrived + 2_000_000_000L, send(2, 2_000_000).delayAfterNanos());
  }

  @Test
  void costsRowsTimesTheDimension() {
    assertEquals(3L * PuppetEngine.WIDTH, send(1, 0).cost());
  }

  @Test
  void refusesABoundThatTheModelCannotHave() throws EngineException {
    QueuePlacement.check(new CostBound(1, "x", 1), PuppetEngine.SIGNATURE);
    for (CostBound wrong : List.of(new CostBound(1, "z", 1), new CostBound(1, "x", 2))) {
      assertThrows(
          EngineException.class, () -> QueuePlacement.check(wrong, PuppetEngine.SIGNATURE));
    }
  }

  /// Sends three rows.
  private InferCall send(long priority, long timeoutMicros) {
    MemorySegment bytes = MemorySegment.ofArray(new float[3 * PuppetEngine.WIDTH]);
    Input input =
        new Input(
            "x",
            "FP32",
            new long[] {3, PuppetEngine.WIDTH},
            new PipelineFixture.SegmentBytes(bytes));
    InferRequest request =
        new InferRequest(
            "add",
            "",
            "",
            List.of(input),
            List.of(),
            new Parameters(null, timeoutMicros, priority, null));
    PipelineFixture.Sent sent = new PipelineFixture.Sent(3);
    InferCall call =
        new InferCall(
            request, new Payload(1, () -> {}), sent, null, arrived, BatchItem.NO_DEADLINE);
    fixture.pipeline.accept(call);
    sent.answer.join();
    return call;
  }
}
