package io.javelin.server.pipeline;

import io.javelin.batching.BatchItem;
import io.javelin.batching.BatchingConfig;
import io.javelin.loader.engine.EngineException;
import io.javelin.loader.engine.InstanceConfig;
import io.javelin.loader.lifecycle.Lease;
import io.javelin.loader.lifecycle.ServingSet;
import io.javelin.loader.lifecycle.VersionStatus;
import io.javelin.loader.store.ModelArtifact;
import io.javelin.router.LiveRouting;
import io.javelin.router.RoutingTable;
import io.javelin.server.pipeline.InferRequest.Input;
import io.javelin.server.pipeline.InferRequest.Parameters;
import io.javelin.server.pipeline.RuntimeSettings.Handling;
import io.javelin.server.quality.PredictionSpec;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A pipeline in front of one version of the model `add` on a [PuppetEngine], with everything that
/// surrounds it counted.
final class PipelineFixture implements AutoCloseable {
  final PuppetEngine engine;
  final ModelRuntime runtime;
  final InferencePipeline pipeline;
  final AtomicInteger openLeases = new AtomicInteger();
  final AtomicInteger openPayloads = new AtomicInteger();
  final CountingTelemetry telemetry = new CountingTelemetry();

  private final ShadowDispatcher shadows;

  private final LongSupplier nanoClock;

  PipelineFixture(PuppetEngine engine, int instances, int maxRows, int queueRows)
      throws EngineException {
    this(engine, settings(instances, maxRows, queueRows, Handling.plain(0)), System::nanoTime);
  }

  PipelineFixture(PuppetEngine engine, RuntimeSettings settings, LongSupplier nanoClock)
      throws EngineException {
    this(engine, settings, RequestLoops.NONE, nanoClock);
  }

  PipelineFixture(
      PuppetEngine engine, RuntimeSettings settings, RequestLoops loops, LongSupplier nanoClock)
      throws EngineException {
    this.engine = engine;
    this.nanoClock = nanoClock;
    LiveRouting routing = new LiveRouting(RoutingTable.empty(1));
    this.shadows =
        new ShadowDispatcher(
            routing, telemetry, new ShadowDispatcher.Limits(4, 1_000, 1_000_000), nanoClock);
    this.runtime =
        ModelRuntime.open(
            new ModelRuntime.Parts(
                engine,
                new ModelArtifact("add", 1, Path.of("unused")),
                settings,
                telemetry,
                new RuntimeFactory.Surroundings(telemetry, shadows, loops),
                nanoClock));
    this.pipeline =
        new InferencePipeline(
            routing, OneVersion::new, new Directory(), telemetry, route -> {}, nanoClock);
  }

  static RuntimeSettings settings(int instances, int maxRows, int queueRows, Handling handling) {
    return settings(Execution.AUTO, instances, maxRows, queueRows, handling);
  }

  static RuntimeSettings settings(
      Execution execution, int instances, int maxRows, int queueRows, Handling handling) {
    return new RuntimeSettings(
        new RuntimeSettings.Instances(
            "puppet",
            instances,
            new InstanceConfig(maxRows, InstanceConfig.Provider.CPU, Map.of(), Map.of(), 1),
            execution),
        new BatchingConfig(maxRows, queueRows, 0, List.of()),
        handling,
        new RuntimeSettings.Warmup(List.of(1), 0, 0),
        PredictionSpec.AUTOMATIC);
  }

  /// Sends rows and returns what comes back: the answered values, or an exception with the refusal.
  Sent send(float[] values, long deadlineNanos) {
    openPayloads.incrementAndGet();
    Sent sent = new Sent(values.length / PuppetEngine.WIDTH);
    MemorySegment bytes = MemorySegment.ofArray(values);
    InferRequest request =
        new InferRequest(
            "add",
            "",
            "",
            List.of(
                new Input(
                    "x",
                    "FP32",
                    new long[] {values.length / PuppetEngine.WIDTH, PuppetEngine.WIDTH},
                    new SegmentBytes(bytes))),
            List.of(),
            Parameters.NONE);
    sent.call =
        new InferCall(
            request,
            new Payload(bytes.byteSize(), openPayloads::decrementAndGet),
            sent,
            null,
            nanoClock.getAsLong(),
            deadlineNanos);
    pipeline.accept(sent.call);
    return sent;
  }

  Sent send(float... values) {
    return send(values, BatchItem.NO_DEADLINE);
  }

  @Override
  public void close() {
    runtime.close();
    shadows.close();
  }

  /// The refusal that a caller received.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Refusal refusal;

    Refused(Refusal refusal) {
      super(refusal.message());
      this.refusal = refusal;
    }
  }

  /// One request and its answer.
  static final class Sent implements ReplyPort {
    final CompletableFuture<float[]> answer = new CompletableFuture<>();
    private final int rows;
    private @Nullable InferCall call;

    Sent(int rows) {
      this.rows = rows;
    }

    @Nullable CacheResult cacheResult() {
      InferCall sent = call;
      return sent == null ? null : sent.cacheResult();
    }

    long callDeadline() {
      InferCall sent = call;
      return sent == null ? 0 : sent.deadlineNanos();
    }

    void cancel() {
      if (call != null) {
        call.cancel();
      }
    }

    @Override
    public void answer(InferCall answered, BatchOutputs outputs, int firstRow) {
      long from = outputs.offset(0, firstRow);
      long to = outputs.offset(0, firstRow + rows);
      float[] values =
          outputs.bytes(0).asSlice(from, to - from).toArray(ValueLayout.JAVA_FLOAT_UNALIGNED);
      if (!answer.complete(values)) {
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

  /// Bytes of a test's array.
  record SegmentBytes(MemorySegment bytes) implements TensorBytes {
    @Override
    public long size() {
      return bytes.byteSize();
    }

    @Override
    public void copyTo(long offset, long length, MemorySegment target, long targetOffset) {
      MemorySegment.copy(bytes, offset, target, targetOffset, length);
    }

    @Override
    public int intAt(long offset) {
      return bytes.get(ValueLayout.JAVA_INT_UNALIGNED, offset);
    }
  }

  private final class OneVersion implements ServingSet<ModelRuntime> {
    @Override
    public @Nullable Lease<ModelRuntime> lease(String model, long version) {
      if (!model.equals("add") || version > 1) {
        return null;
      }
      openLeases.incrementAndGet();
      return new Lease<>() {
        @Override
        public ModelRuntime servable() {
          return runtime;
        }

        @Override
        public long version() {
          return 1;
        }

        @Override
        public void close() {
          openLeases.decrementAndGet();
        }
      };
    }

    @Override
    public SortedSet<Long> readyVersions(String model) {
      return new TreeSet<>(List.of(1L));
    }

    @Override
    public List<String> readyModels() {
      return List.of("add");
    }
  }

  private static final class Directory implements ModelDirectory {
    @Override
    public List<String> models() {
      return List.of("add");
    }

    @Override
    public List<VersionStatus> versions(String model) {
      return List.of();
    }
  }
}
