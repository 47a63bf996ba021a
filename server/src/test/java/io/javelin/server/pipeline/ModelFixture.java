package io.javelin.server.pipeline;

import io.javelin.batching.BatchItem;
import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.DataType;
import io.javelin.loader.engine.Engine;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.engine.onnx.OnnxEngine;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.router.LiveRouting;
import io.javelin.router.RouteDecision;
import io.javelin.router.RoutingTable;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import io.javelin.server.pipeline.PipelineFixture.Refused;
import io.javelin.server.pipeline.PipelineFixture.SegmentBytes;
import io.javelin.server.pipeline.RuntimeSettings.Handling;
import io.javelin.server.quality.PredictionSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/// One version of any model on ONNX Runtime, with tensors in and out.
final class ModelFixture implements AutoCloseable {
  final ModelRuntime runtime;
  final CountingTelemetry telemetry = new CountingTelemetry();
  final AtomicInteger openCalls = new AtomicInteger();

  private final Engine engine = new OnnxEngine();
  private final ShadowDispatcher shadows =
      new ShadowDispatcher(
          new LiveRouting(RoutingTable.empty(1)),
          telemetry,
          new ShadowDispatcher.Limits(1, 1, 1),
          System::nanoTime);

  /// A tensor as it is sent or comes back.
  @SuppressWarnings("ArrayRecordComponent") // Read once.
  record Tensor(DataType type, long[] shape, byte[] bytes) {
    static Tensor of(long[] values, long... shape) {
      MemorySegment bytes = MemorySegment.ofArray(values);
      return new Tensor(DataType.INT64, shape, bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    static Tensor of(float[] values, long... shape) {
      MemorySegment bytes = MemorySegment.ofArray(values);
      return new Tensor(DataType.FP32, shape, bytes.toArray(ValueLayout.JAVA_BYTE));
    }

    long[] longs() {
      return MemorySegment.ofArray(bytes).toArray(ValueLayout.JAVA_LONG_UNALIGNED);
    }

    float[] floats() {
      return MemorySegment.ofArray(bytes).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
    }
  }

  /// @param directory with `model.onnx`
  /// @param delayNanos how long an idle instance waits for company, up to `maxRows` rows
  ModelFixture(Path directory, int maxRows, long delayNanos, Handling handling)
      throws EngineException {
    this(directory, maxRows, delayNanos, handling, Map.of());
  }

  /// @param sessionOptions ONNX Runtime session config entries
  ModelFixture(
      Path directory,
      int maxRows,
      long delayNanos,
      Handling handling,
      Map<String, String> sessionOptions)
      throws EngineException {
    RuntimeSettings settings =
        new RuntimeSettings(
            new RuntimeSettings.Instances(
                "onnxruntime",
                2,
                new InstanceConfig(
                    maxRows, InstanceConfig.Provider.CPU, Map.of(), sessionOptions, 1),
                Execution.AUTO),
            new BatchingConfig(maxRows, 1_024, delayNanos, List.of()),
            handling,
            new RuntimeSettings.Warmup(List.of(1), 0, 0),
            PredictionSpec.AUTOMATIC);
    this.runtime =
        ModelRuntime.open(
            new ModelRuntime.Parts(
                engine,
                new ModelArtifact("m", 1, directory),
                settings,
                telemetry,
                new RuntimeFactory.Surroundings(telemetry, shadows, RequestLoops.NONE),
                System::nanoTime));
  }

  /// A request on its way.
  static final class Sent implements ReplyPort {
    final CompletableFuture<Map<String, Tensor>> answer = new CompletableFuture<>();
    private final InferCall call;

    private Sent(InferRequest request, Payload payload) {
      call = new InferCall(request, payload, this, null, System.nanoTime(), BatchItem.NO_DEADLINE);
    }

    void cancel() {
      call.cancel();
    }

    @Override
    public void answer(InferCall answered, BatchOutputs outputs, int firstRow) {
      Map<String, Tensor> tensors = new TreeMap<>();
      for (int output : answered.outputs()) {
        var spec = outputs.signature().outputs().get(output);
        long from = outputs.offset(output, firstRow);
        long length = outputs.offset(output, firstRow + answered.rows()) - from;
        long[] shape = outputs.shape(output).clone();
        shape[0] = answered.rows();
        byte[] bytes = outputs.bytes(output).asSlice(from, length).toArray(ValueLayout.JAVA_BYTE);
        tensors.put(spec.name(), new Tensor(spec.type(), shape, bytes));
      }
      if (!answer.complete(tensors)) {
        throw new AssertionError("answered twice");
      }
    }

    @Override
    public void refuse(InferCall refused, Refusal refusal) {
      if (!answer.completeExceptionally(new Refused(refusal))) {
        throw new AssertionError("answered twice");
      }
    }
  }

  Sent send(Map<String, Tensor> tensors) {
    List<Input> inputs = new ArrayList<>();
    tensors.forEach((name, tensor) ->
        inputs.add(
            new Input(
                name,
                tensor.type().name(),
                tensor.shape(),
                new SegmentBytes(MemorySegment.ofArray(tensor.bytes())))));
    InferRequest request = new InferRequest("m", "", "", inputs, List.of(), Parameters.NONE);
    openCalls.incrementAndGet();
    Sent sent = new Sent(request, new Payload(0, openCalls::decrementAndGet));
    switch (runtime.validate(request)) {
      case RequestValidator.Result.Invalid(Refusal refusal) -> sent.call.refuse(refusal);
      case RequestValidator.Result.Valid valid -> submit(sent, valid);
    }
    return sent;
  }

  private void submit(Sent sent, RequestValidator.Result.Valid valid) {
    RouteDecision route =
        new RouteDecision("m", "", "v", 1, -1, RouteDecision.Reason.NO_EXPERIMENT, List.of(), 1);
    sent.call.bind(
        new InferCall.Binding(
            new Loaded(),
            route,
            valid.rows(),
            valid.order(),
            valid.shapes(),
            valid.outputs(),
            valid.batchKey()));
    runtime.submit(sent.call);
  }

  @Override
  public void close() {
    runtime.close();
    shadows.close();
    engine.close();
  }

  private final class Loaded implements Lease<ModelRuntime> {
    @Override
    public ModelRuntime servable() {
      return runtime;
    }

    @Override
    public long version() {
      return 1;
    }

    @Override
    public void close() {}
  }
}
