package io.javelin.server.pipeline;

import io.javelin.batching.Batch;
import io.javelin.batching.BatchItem;
import io.javelin.batching.CloseCause;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.EngineInstance;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.echo.EchoEngine;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.router.RouteDecision;
import io.javelin.router.Variant;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A batch of requests of one row each for a model that gives its input back, run as often as
/// wanted by the server's own batch runner. Not thread-safe.
///
/// The requests are decoded and validated once. What belongs to one answer only, the [InferCall],
/// is made anew for every run by [#renewCalls], which a benchmark has to count.
public final class EchoBatch implements AutoCloseable {
  /// Name of the model's input.
  public static final String INPUT = "x";

  /// Name of the model.
  public static final String MODEL = "echo";

  private static final RouteDecision ROUTE =
      new RouteDecision(
          MODEL,
          "",
          RouteDecision.NO_EXPERIMENT_VARIANT,
          Variant.LATEST,
          RouteDecision.NO_BUCKET,
          RouteDecision.Reason.NO_EXPERIMENT,
          List.of(),
          1);

  private final List<InferRequest> requests;
  private final ReplyPort replies;
  private final EngineInstance instance;
  private final EngineBatchRunner runner;
  private final InferCall.Binding[] bindings;
  private final Calls calls;

  /// Opens the model.
  ///
  /// @param requests each with one row, of shape `[1, floats]`, for input [#INPUT]
  /// @param replies gets the answers
  public EchoBatch(List<InferRequest> requests, int floats, ReplyPort replies) {
    this.requests = List.copyOf(requests);
    this.replies = replies;
    this.instance = open(floats, requests.size());
    this.runner = new EngineBatchRunner(context(instance), instance, System::nanoTime);
    RequestValidator validator = new RequestValidator(MODEL, instance.signature());
    this.bindings =
        requests.stream()
            .map(request -> bind(validator.validate(request, 1)))
            .toArray(InferCall.Binding[]::new);
    this.calls = new Calls(new InferCall[requests.size()]);
    renewCalls();
  }

  private static EngineInstance open(int floats, int maxRows) {
    try {
      Path directory = Files.createTempDirectory("echo-batch");
      Path model = directory.resolve("model.echo");
      try {
        Files.writeString(
            model, "input.0 = %s FP32 -1,%d%noutput.0 = y copy%n".formatted(INPUT, floats));
        return new EchoEngine()
            .open(
                new ModelArtifact(MODEL, 1, directory),
                new InstanceConfig(maxRows, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1));
      } finally {
        Files.deleteIfExists(model);
        Files.delete(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (EngineException e) {
      throw new IllegalStateException(e);
    }
  }

  private static EngineBatchRunner.RunContext context(EngineInstance instance) {
    return new EngineBatchRunner.RunContext(
        MODEL,
        1,
        instance.signature(),
        new CallOutcomes(new SilentTelemetry(), System::nanoTime),
        new EngineBatchRunner.RunObserver() {},
        ShapePlan.NONE,
        (call, outputs, firstRow) -> {});
  }

  private static InferCall.Binding bind(RequestValidator.Result result) {
    return switch (result) {
      case RequestValidator.Result.Invalid(Refusal refusal) ->
          throw new IllegalArgumentException(refusal.message());
      case RequestValidator.Result.Valid valid ->
          new InferCall.Binding(
              new NeverReturned(),
              ROUTE,
              valid.rows(),
              valid.order(),
              valid.shapes(),
              valid.outputs(),
              valid.batchKey());
    };
  }

  /// Makes new calls of the same requests, as a call can be answered only once.
  ///
  /// @return the newest, so that a benchmark of this alone has something to give away
  public Object renewCalls() {
    for (int i = 0; i < bindings.length; i++) {
      InferRequest request = requests.get(i);
      InferCall call =
          new InferCall(request, new Payload(0, () -> {}), replies, null, 0, BatchItem.NO_DEADLINE);
      call.bind(bindings[i]);
      calls.calls[i] = call;
    }
    return calls.calls[bindings.length - 1];
  }

  /// Gathers, runs and answers the calls; each set of calls once.
  public void run() {
    runner.run(calls);
  }

  @Override
  public void close() {
    instance.close();
  }

  /// @param calls of one row each
  private record Calls(InferCall[] calls) implements Batch<InferCall> {
    @Override
    public int size() {
      return calls.length;
    }

    @Override
    public InferCall get(int index) {
      return calls[index];
    }

    @Override
    public int rows() {
      return calls.length;
    }

    @Override
    public CloseCause cause() {
      return CloseCause.FULL;
    }

    @Override
    public long closedNanos() {
      return 0;
    }
  }

  /// A lease of a version that is never unloaded.
  private static final class NeverReturned implements Lease<ModelRuntime> {
    @Override
    public ModelRuntime servable() {
      throw new UnsupportedOperationException("a batch is run without its runtime");
    }

    @Override
    public long version() {
      return 1;
    }

    @Override
    public void close() {}
  }
}
