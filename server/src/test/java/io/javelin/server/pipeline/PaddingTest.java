package io.javelin.server.pipeline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.javelin.loader.engine.EngineException;
import io.javelin.server.pipeline.ModelFixture.Sent;
import io.javelin.server.pipeline.ModelFixture.Tensor;
import io.javelin.server.pipeline.PipelineFixture.Refused;
import io.javelin.server.pipeline.RuntimeSettings.CacheSettings;
import io.javelin.server.pipeline.RuntimeSettings.Handling;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Padding on ONNX Runtime: `tokens` gives its tokens back and adds each row up; `masked` weights
/// values with a mask and takes their mean.
@Timeout(60)
class PaddingTest {
  private static final Path MODELS = Path.of("../model-loader/src/test/resources/models");

  /// Long enough that a test's requests meet in one batch, which then closes because it is full.
  private static final long COMPANY_NANOS = 10_000_000_000L;

  private static final PaddingSpec TOKENS =
      new PaddingSpec(
          List.of(new PaddingSpec.Input("TOKENS", 1, 0)),
          List.of(4, 8),
          null,
          List.of(new PaddingSpec.Output("SAME", 1)),
          true);

  private static final PaddingSpec MASKED =
      new PaddingSpec(
          List.of(new PaddingSpec.Input("VALUES", 1, 9.5)),
          List.of(4, 8),
          "MASK",
          List.of(new PaddingSpec.Output("WEIGHTED", 1)),
          true);

  @TempDir Path directory;

  private ModelFixture open(String model, int maxRows, long delayNanos, Handling handling)
      throws Exception {
    Files.copy(MODELS.resolve(model + ".onnx"), directory.resolve("model.onnx"));
    return new ModelFixture(directory, maxRows, delayNanos, handling);
  }

  private ModelFixture open(String model, int maxRows, PaddingSpec spec) throws Exception {
    return open(model, maxRows, COMPANY_NANOS, new Handling(0, null, false, false, spec));
  }

  private static Map<String, Tensor> tokens(int rows, int length, long first) {
    long[] values = new long[rows * length];
    Arrays.setAll(values, i -> first + i);
    return Map.of("TOKENS", Tensor.of(values, rows, length));
  }

  private static Tensor output(Sent sent, String name) {
    return Objects.requireNonNull(sent.answer.join().get(name));
  }

  private static void check(Map<String, Tensor> sent, Sent answered) {
    Tensor tokens = Objects.requireNonNull(sent.get("TOKENS"));
    assertArrayEquals(tokens.shape(), output(answered, "SAME").shape());
    assertArrayEquals(tokens.longs(), output(answered, "SAME").longs());
    int length = (int) tokens.shape()[1];
    long[] totals = output(answered, "TOTAL").longs();
    for (int row = 0; row < totals.length; row++) {
      long sum = 0;
      for (int i = 0; i < length; i++) {
        sum += tokens.longs()[row * length + i];
      }
      assertEquals(sum, totals[row], "row " + row);
    }
  }

  @Test
  void requestsOfDifferentLengthsShareABatchAndGetTheirOwnLengthBack() throws Exception {
    try (ModelFixture fixture = open("tokens", 6, TOKENS)) {
      List<Map<String, Tensor>> requests =
          List.of(tokens(2, 3, 10), tokens(1, 4, 20), tokens(3, 1, 30));
      List<Sent> sent = requests.stream().map(fixture::send).toList();

      for (int i = 0; i < requests.size(); i++) {
        check(requests.get(i), sent.get(i));
      }
      assertEquals(1, fixture.telemetry.executions.get());
      assertEquals(6 + 4 + 3, fixture.telemetry.realElements.get());
      assertEquals(6 * 4 - 13, fixture.telemetry.addedElements.get());
    }
  }

  @Test
  void aRequestLongerThanTheLastBucketIsRefused() throws Exception {
    try (ModelFixture fixture = open("tokens", 1, TOKENS)) {
      Refused refused =
          assertInstanceOf(
              Refused.class,
              assertThrows(
                      CompletionException.class, () -> fixture.send(tokens(1, 9, 0)).answer.join())
                  .getCause());
      assertInstanceOf(Refusal.InvalidArgument.class, refused.refusal);
      assertEquals(
          "input 'TOKENS' has length 9 for model 'm', expected at most 8, the largest bucket",
          refused.getMessage());
    }
  }

  @Test
  void orItRunsUnpadded() throws Exception {
    PaddingSpec lenient =
        new PaddingSpec(TOKENS.inputs(), TOKENS.buckets(), null, TOKENS.outputs(), false);
    try (ModelFixture fixture = open("tokens", 1, lenient)) {
      check(tokens(1, 9, 0), fixture.send(tokens(1, 9, 0)));
      assertEquals(0, fixture.telemetry.addedElements.get());
    }
  }

  @Test
  void aMaskThatIsNotSentIsGenerated() throws Exception {
    try (ModelFixture fixture = open("masked", 2, MASKED)) {
      Sent three =
          fixture.send(Map.of("VALUES", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2)));
      Sent one = fixture.send(Map.of("VALUES", Tensor.of(new float[] {7, 8}, 1, 1, 2)));

      assertArrayEquals(new float[] {3, 4}, output(three, "MEAN").floats());
      assertArrayEquals(new float[] {1, 2, 3, 4, 5, 6}, output(three, "WEIGHTED").floats());
      assertArrayEquals(new long[] {1, 3, 2}, output(three, "WEIGHTED").shape());
      assertArrayEquals(new float[] {7, 8}, output(one, "MEAN").floats());
      assertArrayEquals(new float[] {7, 8}, output(one, "WEIGHTED").floats());
      assertEquals(1, fixture.telemetry.executions.get());
    }
  }

  @Test
  void aMaskThatIsSentIsPaddedWithZeros() throws Exception {
    try (ModelFixture fixture = open("masked", 1, MASKED)) {
      Sent sent =
          fixture.send(
              Map.of(
                  "VALUES", Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 1, 3, 2),
                  "MASK", Tensor.of(new long[] {1, 0, 1}, 1, 3)));

      assertArrayEquals(new float[] {3, 4}, output(sent, "MEAN").floats());
      assertArrayEquals(new float[] {1, 2, 0, 0, 5, 6}, output(sent, "WEIGHTED").floats());
    }
  }

  @Test
  void paddedInputsMustHaveOneLength() throws Exception {
    try (ModelFixture fixture = open("masked", 1, MASKED)) {
      Sent sent =
          fixture.send(
              Map.of(
                  "VALUES", Tensor.of(new float[] {1, 2, 3, 4}, 1, 2, 2),
                  "MASK", Tensor.of(new long[] {1, 0, 1}, 1, 3)));

      CompletionException e = assertThrows(CompletionException.class, sent.answer::join);
      assertEquals(
          "input 'MASK' has length 3 for model 'm', but other inputs have 2",
          Objects.requireNonNull(e.getCause()).getMessage());
    }
  }

  @Test
  void aKeptAnswerHasTheRequestsOwnLength() throws Exception {
    CacheSettings cache = new CacheSettings(1 << 20, 1L << 40, 1 << 10);
    try (ModelFixture fixture =
        open("tokens", 4, 0, new Handling(0, cache, false, false, TOKENS))) {
      check(tokens(2, 3, 10), fixture.send(tokens(2, 3, 10)));
      while (fixture.openCalls.get() > 0) {
        Thread.onSpinWait();
      }
      check(tokens(2, 3, 10), fixture.send(tokens(2, 3, 10)));
      assertEquals(1, fixture.telemetry.hits.get());
    }
  }

  /// All of it together: lengths, rows, oversize requests, a fixed number of rows, cancellations.
  @Test
  void everyCallerGetsExactlyItsOwnRows() throws Exception {
    long seed = 5;
    SplittableRandom random = new SplittableRandom(seed);
    PaddingSpec lenient =
        new PaddingSpec(TOKENS.inputs(), List.of(2, 5, 9), null, TOKENS.outputs(), false);
    ModelFixture fixture = open("tokens", 6, 0, new Handling(0, null, true, true, lenient));
    for (int round = 0; round < 300; round++) {
      List<Map<String, Tensor>> requests = new ArrayList<>();
      List<@Nullable Sent> sent = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        requests.add(tokens(1 + random.nextInt(15), 1 + random.nextInt(11), round * 1_000L + i));
        Sent one = fixture.send(requests.getLast());
        boolean gone = random.nextInt(6) == 0;
        if (gone) {
          one.cancel();
        }
        sent.add(gone ? null : one);
      }
      for (int i = 0; i < requests.size(); i++) {
        Sent one = sent.get(i);
        if (one != null) {
          check(requests.get(i), one);
        }
      }
    }
    fixture.close();
    assertEquals(0, fixture.openCalls.get(), "messages still held, seed " + seed);
    assertEquals(300 * 12, fixture.telemetry.succeeded.get() + fixture.telemetry.canceled.get());
  }

  @Test
  void saysAtLoadWhatDoesNotFitTheModel() throws Exception {
    Files.copy(MODELS.resolve("tokens.onnx"), directory.resolve("model.onnx"));

    assertEquals(
        "padding names input 'TOKEN', the model has [TOKENS]",
        error(spec("TOKEN", 1, 0, null, "SAME")));
    assertTrue(
        error(spec("TOKENS", 2, 0, null, "SAME")).startsWith("padding names dimension 2 of"));
    assertTrue(
        error(spec("TOKENS", 1, 0, null, "TOTAL")).startsWith("padding names dimension 1 of"));
    assertEquals(
        "a padding value of type INT64 cannot be 0.5", error(spec("TOKENS", 1, 0.5, null, "SAME")));
    assertEquals(
        "padding names input 'MASK', the model has [TOKENS]",
        error(spec("TOKENS", 1, 0, "MASK", "SAME")));
  }

  private String error(PaddingSpec spec) {
    return String.valueOf(
        assertThrows(
                EngineException.class,
                () -> new ModelFixture(directory, 1, 0, new Handling(0, null, false, false, spec)))
            .getMessage());
  }

  private static PaddingSpec spec(
      String input, int dim, double value, @Nullable String mask, String output) {
    return new PaddingSpec(
        List.of(new PaddingSpec.Input(input, dim, value)),
        List.of(4),
        mask,
        List.of(new PaddingSpec.Output(output, 1)),
        true);
  }
}
